"""How would the links have done? Each day judged by what was known when it began."""

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime, timedelta

from correlation.domain.backtest import Announcements, announcements, performances
from correlation.models import Backtest
from correlation.refresh.judging import judged_groups
from correlation.storage.evidence import Evidence, read_evidence
from correlation.storage.moments import moment_of

DAYS = 30
KEPT = timedelta(days=400)
_DAY = 86_400


def run_backtest(*, now: datetime, days: int = DAYS) -> Backtest:
    """Judge the last ``days`` days up to ``now`` and keep the result; again replaces it.

    For each UTC day the links are found from what lies before it alone; then its alarms
    are held against what really followed. Alarms of the last window are left out, their
    outcome being open. Results over 400 days old go.
    Source: DESIGN section 6, "Backtest".
    """
    evidence = read_evidence(until=now)
    first_day = (evidence.end // _DAY - days + 1) * _DAY
    heard = _announcements(evidence, first_day)
    rows = []
    for group in evidence.groups:
        said = Announcements.joined(heard[group.window_seconds])
        end = max(first_day, evidence.end - group.window_seconds)
        rows += [
            {"window_seconds": group.window_seconds} | asdict(performance)
            for performance in performances(
                said, evidence.episodes, start=first_day, end=end
            )
        ]
    Backtest.objects.filter(as_of__lt=now - KEPT).delete()
    backtest, _created = Backtest.objects.update_or_create(
        as_of=now,
        defaults={
            "judged_from": moment_of(first_day),
            "judged_to": moment_of(max(first_day, evidence.end)),
            "rows": rows,
        },
    )
    return backtest


def _announcements(
    evidence: Evidence, first_day: int
) -> defaultdict[int, list[Announcements]]:
    """Return what was announced on each day, by window."""
    heard: defaultdict[int, list[Announcements]] = defaultdict(list)
    for day in range(first_day, evidence.end, _DAY):
        known = judged_groups(evidence.before(day))
        for group, past in zip(evidence.groups, known, strict=True):
            decided = evidence.end - group.window_seconds + 1
            heard[group.window_seconds].append(
                announcements(
                    group.alarms.between(day, min(day + _DAY, decided)),
                    past.verdicts,
                    evidence.episodes,
                    group.window_seconds,
                )
            )
    return heard
