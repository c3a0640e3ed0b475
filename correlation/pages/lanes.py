"""Which failures of a test met which incidents? One pair on two lanes, with its table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from correlation.domain.matches import Outcome
from correlation.reports import Match, Pair
from integration_health.models import Incident
from qa_observability.lib.periods import Window
from qa_observability.web.charts import timeline
from qa_observability.web.charts.timeline import Episode, Failure, Timeline
from qa_observability.web.times import absolute, duration_words, short_day

_DATES: Final = 4
_MOST_EPISODES: Final = 500


@dataclass(frozen=True, slots=True)
class LaneCase:
    """One case of the table: when the test failed, what became of it, when if it did."""

    failed_at: datetime
    started_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Lanes:
    """The drawing, its sentence and its table, newest case first."""

    key: str
    title: str
    description: str
    drawing: SafeString
    cases: tuple[LaneCase, ...]


def lanes(pair: Pair, window: Window, *, key: str) -> Lanes:
    """Return the pair's cases inside the window. One query, for the incidents."""
    cases = [match for match in pair.matches if window.contains(match.alarm_at)]
    title = _("“%(test)s” and %(integration)s") % {
        "test": pair.test_case_name,
        "integration": pair.integration_name,
    }
    drawn = Timeline(
        key=key,
        title=title,
        description=pair.sentence,
        window=window,
        test_lane=_("Test failures"),
        episode_lane=_("%(name)s incidents") % {"name": pair.integration_name},
        failures=[_failure(match) for match in cases],
        episodes=list(_episodes(pair.integration_id, window, cases)),
        pairs=[
            timeline.Pair(match.alarm_at, match.failed_at)
            for match in cases
            if match.failed_at is not None
        ],
        dates=_dates(window),
    )
    return Lanes(
        key,
        title,
        pair.sentence,
        timeline.draw_timeline(drawn),
        tuple(LaneCase(m.alarm_at, m.failed_at, outcome_words(m)) for m in cases),
    )


def outcome_words(match: Match) -> str:
    """Return what became of one failure of the test."""
    if match.outcome is Outcome.HIT and match.lag_seconds is not None:
        lag = duration_words(abs(match.lag_seconds))
        text = _("%(lag)s later") if match.lag_seconds >= 0 else _("%(lag)s earlier")
        return text % {"lag": lag}
    return {
        Outcome.HIT: _("followed"),
        Outcome.MISS: _("nothing followed"),
        Outcome.ALREADY_FAILING: _("the channel was failing already"),
        Outcome.STORM: _("left out: many channels failed at once"),
        Outcome.STILL_OPEN: _("too recent to tell"),
        Outcome.NO_DATA: _("no data about the channel"),
    }[match.outcome]


def _failure(match: Match) -> Failure:
    at = absolute(match.alarm_at, timezone.get_current_timezone())
    return Failure(
        match.alarm_at,
        matched=match.outcome is Outcome.HIT,
        words=f"{at}: {outcome_words(match)}",
    )


def _episodes(slug: str, window: Window, cases: Iterable[Match]) -> Iterable[Episode]:
    met = {match.failed_at for match in cases if match.failed_at is not None}
    found = Incident.objects.standing().touching(window).filter(integration=slug)
    for incident in found.order_by("-started_at")[:_MOST_EPISODES]:
        yield Episode(
            incident.started_at,
            incident.ended_at,
            matched=incident.started_at.replace(microsecond=0) in met,
            words=absolute(incident.started_at, timezone.get_current_timezone()),
        )


def _dates(window: Window) -> list[str]:
    steps = _DATES - 1
    return [
        short_day((window.start + window.duration * n / steps).date())
        for n in range(_DATES)
    ]
