"""What is known of alarms and episodes up to a moment, as arrays for the method?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db import connection
from django.db.models import Min

from correlation.domain.alarms import Alarms, alarm_flags
from correlation.domain.arrays import Index, Seconds
from correlation.domain.episodes import Episodes
from correlation.domain.observation import Observation, observe
from correlation.models import Alarm
from correlation.storage.moments import Sent, moment_of, seconds_of
from integration_health.models import EventDay, HealthDay, Incident
from integration_health.reports.channels import known_integrations
from qa_observability.lib.periods import start_of_day

_NONE = np.array([], dtype=np.int64)
_ALARMS = """
    SELECT s.window_seconds, a.test_case_id, a.moments
    FROM (
        SELECT test_case_id, string_agg(timestamptz_send(failed_at), '') AS moments
        FROM test_alarms
        WHERE failed_at < %(until)s
            AND (%(tests)s::text[] IS NULL OR test_case_id = ANY(%(tests)s))
        GROUP BY test_case_id
    ) a
    JOIN test_cases t USING (test_case_id)
    JOIN test_sources s ON s.name = t.source_id
"""
_OF_SOME = """
    SELECT test_case_id, (
        SELECT string_agg(timestamptz_send(failed_at), '') FROM test_alarms a
        WHERE a.test_case_id = t.test_case_id AND failed_at < %s
    )
    FROM test_cases t WHERE number = ANY(%s) ORDER BY number
"""
_FAILED = """
    SELECT r.test_case_id,
        string_agg(timestamptz_send(r.executed_at), '' ORDER BY r.executed_at)
    FROM test_results r
    JOIN test_cases t USING (test_case_id)
    JOIN test_sources s ON s.name = t.source_id
    WHERE r.status IN ('failed', 'error') AND r.executed_at < %(until)s
        AND s.window_seconds <> %(window)s
        AND (%(tests)s::text[] IS NULL OR r.test_case_id = ANY(%(tests)s))
    GROUP BY r.test_case_id
"""


@dataclass(frozen=True, slots=True, eq=False)
class TestGroup:
    """The tests that are judged with one window, and their alarms."""

    __test__ = False

    window_seconds: int
    tests: tuple[str, ...]
    alarms: Alarms

    def before(self, moment: int) -> "TestGroup":
        """Return the group with the alarms before a moment."""
        return replace(self, alarms=self.alarms.between(0, moment))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Alarms by group and episodes by integration, up to ``end``.

    ``first_alarm`` and ``first_known``, the first thing known of any channel, are ``end``
    when there is none. Units: epoch seconds.
    """

    groups: tuple[TestGroup, ...]
    integrations: tuple[str, ...]
    episodes: Episodes
    first_alarm: int
    first_known: int
    end: int

    def start(self, window_seconds: int) -> int:
        """Return from when on alarms count: before it, silence means nothing.

        That is the first alarm, or one window before channels are known, if later.
        """
        return min(self.end, max(self.first_alarm, self.first_known - window_seconds))

    def observe(self, window_seconds: int) -> Observation:
        """Return the layout of all episodes for tests of one window."""
        return observe(
            self.episodes,
            start=self.start(window_seconds),
            end=self.end,
            window_seconds=window_seconds,
        )

    def before(self, moment: int) -> "Evidence":
        """Return what was known at a moment, as if it had been read then."""
        past = self.episodes.chosen(self.episodes.starts < moment)
        return Evidence(
            tuple(group.before(moment) for group in self.groups),
            self.integrations,
            replace(past, ends=np.minimum(past.ends, moment)),
            min(self.first_alarm, moment),
            min(self.first_known, moment),
            min(self.end, moment),
        )


def read_evidence(
    *,
    until: datetime,
    window_seconds: int | None = None,
    tests: Sequence[str] | None = None,
) -> Evidence:
    """Return what was known before ``until``, of all tests or the named ones.

    Each test is judged with its source's window, or all with ``window_seconds``; then
    alarms of other sources are derived anew from their failed results. Six queries,
    seven when a window is given.
    """
    channels = read_channels(until)
    groups = _groups(until, window_seconds, list(tests) if tests else None)
    return replace(channels, groups=tuple(groups))


def read_group(window_seconds: int, numbers: Index, *, until: int) -> TestGroup:
    """Return the tests with these ascending numbers, and their alarms before ``until``."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_SOME, [moment_of(until), numbers.tolist()])
        rows = cursor.fetchall()
    return _group(
        window_seconds,
        [test for test, _sent in rows],
        [seconds_of(sent) if sent else _NONE for _test, sent in rows],
    )


def read_channels(until: datetime) -> Evidence:
    """Return what was known of the channels before ``until``, with no test's alarms."""
    integrations = tuple(
        sorted(each.slug for each in known_integrations() if each.enabled)
    )
    episodes = read_episodes(integrations, until)
    end = int(until.timestamp())
    return Evidence(
        (),
        integrations,
        episodes,
        _first_alarm(end),
        _first_known(episodes, end),
        end,
    )


def read_episodes(integrations: Sequence[str], until: datetime) -> Episodes:
    """Return the standing incidents of the integrations that began before ``until``.

    One still going on then ends there: what came later is not looked at.
    """
    standing = Incident.objects.standing().filter(
        integration_id__in=integrations, started_at__lt=until
    )
    by_integration = {
        slug: (seconds_of(starts), seconds_of(ends))
        for slug, starts, ends in standing.order_by()
        .values_list("integration_id")
        .annotate(starts=Sent("started_at"), ends=Sent("ended_at"))
    }
    known = [by_integration.get(slug, (_NONE, _NONE)) for slug in integrations]
    starts = np.concatenate([starts for starts, _ends in known] or [_NONE])
    ends = np.concatenate([ends for _starts, ends in known] or [_NONE])
    columns = np.repeat(np.arange(len(known)), [len(starts) for starts, _ends in known])
    last = int(until.timestamp())
    return Episodes.sorted(columns, starts, np.minimum(ends, last), len(integrations))


def _groups(
    until: datetime, window_seconds: int | None, tests: list[str] | None
) -> Iterable[TestGroup]:
    """Yield the tests that ever raised an alarm, by window, tests in order of their id."""
    found: dict[int, dict[str, Seconds]] = {}
    values = {"until": until, "tests": tests, "window": window_seconds}
    with connection.cursor() as cursor:
        cursor.execute(_ALARMS, values)
        for window, test, sent in cursor.fetchall():
            if window_seconds in {None, window}:
                found.setdefault(window, {})[test] = seconds_of(sent)
        if window_seconds is not None:
            cursor.execute(_FAILED, values)
            for test, sent in cursor.fetchall():
                failed = seconds_of(sent)
                same = np.zeros(len(failed), dtype=np.intp)
                alarms = failed[alarm_flags(same, failed, window_seconds)]
                found.setdefault(window_seconds, {})[test] = alarms
    for window, moments in sorted(found.items()):
        names = sorted(moments)
        yield _group(window, names, [moments[name] for name in names])


def _group(window: int, tests: Sequence[str], moments: Sequence[Seconds]) -> TestGroup:
    rows = np.repeat(np.arange(len(tests)), [len(each) for each in moments])
    alarms = Alarms.sorted(rows, np.concatenate([_NONE, *moments]), len(tests))
    return TestGroup(window, tuple(tests), alarms)


def _first_alarm(end: int) -> int:
    """Return when any test raised the first alarm; ``end`` without any before it."""
    first = Alarm.objects.aggregate(first=Min("failed_at"))["first"]
    return min(end, int(first.timestamp())) if first else end


def _first_known(episodes: Episodes, end: int) -> int:
    """Return when the first event, snapshot or incident was; ``end`` without any."""
    days = (
        EventDay.objects.aggregate(first=Min("day"))["first"],
        HealthDay.objects.aggregate(first=Min("day"))["first"],
    )
    known = [int(start_of_day(day).timestamp()) for day in days if day]
    return min([*known, *map(int, episodes.starts[:1]), end])
