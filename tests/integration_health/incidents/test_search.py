"""Incidents are found where events burst, keep their ids, and follow late data."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from integration_health.domain.incidents import (
    COUNTS_PER_DAY,
    burst_size,
    episodes,
    hot,
    usual_rate,
)
from integration_health.incidents import recompute, sweep
from integration_health.incidents.actions import acknowledge, resolve
from integration_health.ingest.events import EventInput, ingest_events
from integration_health.models import (
    BurstDay,
    Incident,
    IncidentEntry,
    IntegrationEvent,
    MaintenanceWindow,
)
from integration_health.storage.burst_events import to_microseconds

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def ingest(moments, source="api", now=NOW, **changes):
    values = {
        "integration_id": "airbnb",
        "event_type": "api_error",
        "severity": "high",
    } | changes
    return ingest_events(
        [
            EventInput(line=n, occurred_at=moment, message=f"fault {moment}", **values)
            for n, moment in enumerate(moments, 1)
        ],
        source=source,
        actor="",
        now=now,
    )


def burst(start, number=3, every=MINUTE):
    return [start + n * every for n in range(number)]


def spans(**filters):
    rows = Incident.objects.filter(**filters).order_by("started_at")
    return list(rows.values_list("started_at", "ended_at"))


def test_three_severe_events_in_five_minutes_are_an_incident():
    ingest(burst(NOW - 30 * MINUTE))

    counts = sweep(NOW)

    incident = Incident.objects.get()
    assert counts == {
        "integrations": 1,
        "days": 1,
        "found": 1,
        "moved": 0,
        "withdrawn": 0,
        "removed": 0,
        "resolved": 0,
    }
    assert (
        incident.integration_id,
        incident.started_at,
        incident.ended_at,
        incident.severity,
        incident.state,
        incident.origin,
        incident.occurrences,
        incident.event_types,
        incident.sample,
        incident.detected_at,
        incident.previous,
    ) == (
        "airbnb",
        NOW - 30 * MINUTE,
        NOW - 28 * MINUTE,
        "high",
        "open",
        "burst",
        3,
        {"api_error": 3},
        False,
        NOW,
        None,
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"severity": "medium"}, id="not severe"),
        pytest.param({"source": "manual"}, id="manual, not critical"),
    ],
)
def test_two_severe_or_many_mild_events_are_none(changes):
    number = 2 if "source" in changes else 50
    ingest(burst(NOW - 30 * MINUTE, number, MINUTE / 20), **changes)

    sweep(NOW)

    assert spans() == []


def test_one_critical_event_by_hand_is_an_incident():
    ingest([NOW], source="manual", severity="critical")

    sweep(NOW)

    assert Incident.objects.get().origin == "manual"
    assert spans(severity="critical") == [(NOW, NOW)]


def test_equal_events_do_not_make_a_burst_twice():
    two = burst(NOW - 30 * MINUTE, 2)
    ingest(two)
    ingest(two)

    sweep(NOW)

    assert spans() == []


def test_events_in_maintenance_are_left_out():
    MaintenanceWindow.objects.create(
        title="Upgrade", starts_at=NOW - 60 * MINUTE, ends_at=NOW
    )
    ingest(burst(NOW - 30 * MINUTE, 20))

    sweep(NOW)

    assert spans() == []


@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        pytest.param(10, 1, id="ten minutes are fine"),
        pytest.param(11, 0, id="longer is too coarse"),
    ],
)
def test_aggregates_count_only_when_their_time_is_known(minutes, found):
    ingest_events(
        [
            EventInput(
                integration_id="airbnb",
                event_type="api_error",
                severity="high",
                occurrences=40,
                window_start=NOW - minutes * MINUTE,
                window_end=NOW,
            )
        ],
        source="splunk",
        actor="",
        now=NOW,
    )

    sweep(NOW)

    assert len(spans()) == found


def test_an_incident_may_cross_midnight():
    midnight = datetime(2026, 1, 10, tzinfo=UTC)
    ingest([midnight - MINUTE, midnight, midnight + MINUTE])

    sweep(NOW)

    assert spans() == [(midnight - MINUTE, midnight + MINUTE)]


def test_second_sweep_finds_nothing_to_do():
    ingest(burst(NOW - 30 * MINUTE))
    sweep(NOW)

    again = sweep(NOW + MINUTE)

    assert set(again.values()) == {0}
    assert IncidentEntry.objects.count() == 1


def test_incident_keeps_its_id_while_it_goes_on():
    ingest(burst(NOW - 30 * MINUTE))
    sweep(NOW)
    known = Incident.objects.get().pk
    ingest(burst(NOW - 14 * MINUTE))

    sweep(NOW + MINUTE)

    assert spans(pk=known) == [(NOW - 30 * MINUTE, NOW - 12 * MINUTE)]
    assert Incident.objects.count() == 1


def test_late_data_joins_two_incidents_and_the_longer_keeps_its_id():
    ingest([*burst(NOW - 60 * MINUTE), *burst(NOW - 40 * MINUTE, 6)])
    sweep(NOW)
    longer = Incident.objects.get(started_at=NOW - 40 * MINUTE).pk

    ingest(burst(NOW - 50 * MINUTE))
    sweep(NOW)

    assert spans(pk=longer) == [(NOW - 60 * MINUTE, NOW - 35 * MINUTE)]
    assert Incident.objects.count() == 1


def test_incident_nobody_touched_goes_with_its_events():
    ingest(burst(NOW - 30 * MINUTE))
    sweep(NOW)

    IntegrationEvent.objects.all().delete()
    counts = sweep(NOW)

    assert counts["removed"] == 1
    assert not Incident.objects.exists()


def test_touched_incident_is_withdrawn_and_comes_back_with_its_events():
    moments = burst(NOW - 30 * MINUTE)
    ingest(moments)
    sweep(NOW)
    known = acknowledge(Incident.objects.get().pk, by="ana", now=NOW)

    IntegrationEvent.objects.all().delete()
    sweep(NOW + MINUTE)
    known.refresh_from_db()
    withdrawn = (known.state, known.withdrawn_at)
    ingest(moments)
    sweep(NOW + 2 * MINUTE)
    known.refresh_from_db()

    assert withdrawn == ("withdrawn", NOW + MINUTE)
    assert (known.state, known.withdrawn_at) == ("acknowledged", None)
    assert Incident.objects.count() == 1
    assert list(known.entries.values_list("action", flat=True)) == [
        "found",
        "acknowledged",
        "withdrawn",
        "reinstated",
    ]


def test_resolved_incident_that_goes_on_failing_opens_again():
    ingest(burst(NOW - 30 * MINUTE))
    sweep(NOW)
    incident = resolve(Incident.objects.get().pk, by="ana", now=NOW - 20 * MINUTE)

    ingest(burst(NOW - 15 * MINUTE))
    sweep(NOW)

    incident.refresh_from_db()
    assert (incident.state, incident.resolved_at, incident.resolved_by) == (
        "open",
        None,
        "",
    )


def test_recurrence_is_a_new_incident_linked_to_the_earlier():
    ingest([*burst(NOW - 6 * DAY), *burst(NOW - 30 * MINUTE)])
    ingest(burst(NOW - DAY), event_type="booking_loss")

    sweep(NOW)

    earlier, other, latest = Incident.objects.order_by("started_at")
    assert (earlier.previous, other.previous, latest.previous) == (None, None, earlier)


@pytest.mark.parametrize(
    ("age", "state"),
    [
        pytest.param(timedelta(days=7), "open", id="a week to the moment"),
        pytest.param(timedelta(days=7, seconds=1), "resolved", id="longer"),
    ],
)
def test_quiet_incident_resolves_itself_after_a_week(age, state):
    ingest(burst(NOW - age, every=timedelta(0)), severity="critical", source="manual")

    sweep(NOW)

    incident = Incident.objects.get()
    assert (incident.state, incident.resolved_by) == (state, "")
    if state == "resolved":
        assert incident.resolved_at == incident.ended_at


def test_noisy_channel_needs_a_larger_burst():
    """A fault every 2 minutes for days is its noise; the same three are a burst elsewhere."""
    ingest([NOW - n * 2 * MINUTE for n in range(3 * 720)])
    ingest(burst(NOW - 30 * MINUTE), integration_id="vrbo")

    sweep(NOW)

    assert spans(integration_id="airbnb") == []
    assert len(spans(integration_id="vrbo")) == 1
    assert (
        BurstDay.objects.filter(integration_id="airbnb").latest("day").burst_size == 10
    )


def test_days_that_follow_are_judged_again_when_late_data_moves_their_bar():
    ingest(burst(NOW - 30 * MINUTE))
    sweep(NOW)
    assert len(spans()) == 1

    ingest([NOW - DAY - n * 2 * MINUTE for n in range(3 * 720)])
    sweep(NOW)

    assert spans() == []


def noisy_events(seed, days=6):
    """Noise, bursts at random, some across midnight; seconds may coincide."""
    chance = random.Random(seed)
    end = datetime(2026, 1, 10, tzinfo=UTC)
    moments = {
        end - DAY * chance.uniform(0, days)
        for _ in range(chance.choice([20, 200, 900]))
    }
    for _ in range(15):
        start = end - DAY * chance.uniform(0.1, days)
        if chance.random() < 0.3:
            start = start.replace(hour=23, minute=57)
        moments |= {
            start + timedelta(seconds=chance.randrange(600))
            for _ in range(chance.randrange(2, 12))
        }
    return [each.replace(microsecond=0) for each in moments]


def by_definition(moments):
    """Return the incidents of all events at once, day by day, from the words."""
    moments = sorted(set(moments))
    times = np.array([to_microseconds(m) for m in moments], dtype=np.int64)
    days = times // 86_400_000_000
    first = days.min()
    sizes = []
    for day in days:
        start = max(first, day - 27)
        slots = (times - start * 86_400_000_000) // 300_000_000
        length = (day - start + 1) * COUNTS_PER_DAY
        inside = (slots >= 0) & (slots < length)
        counts = np.bincount(slots[inside], minlength=length)
        sizes.append(burst_size(usual_rate(counts)))
    found = hot(times, np.ones_like(times), np.array(sizes))
    return [(span.start, span.end) for span in episodes(times[found])]


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_ends_where_all_at_once_would(seed):
    moments = noisy_events(seed)
    chance = random.Random(seed)
    chance.shuffle(moments)
    parts = [moments[n::5] for n in range(5)]

    for part in parts:
        ingest(part)
        sweep(NOW)
    removed = IntegrationEvent.objects.filter(occurred_at__in=parts[0][::2])
    removed.delete()
    sweep(NOW)
    incremental = spans()

    left = [m for part in parts for m in part if m not in set(parts[0][::2])]
    assert [
        (to_microseconds(start), to_microseconds(end)) for start, end in incremental
    ] == by_definition(left)

    Incident.objects.all().delete()
    recompute(["airbnb"], (NOW - 8 * DAY).date(), NOW.date(), NOW)
    assert spans() == incremental


def test_a_day_from_before_all_history_is_searched_and_empty():
    ingest(burst(NOW - 5 * DAY))
    ingest(burst(NOW - DAY))
    sweep(NOW)
    IntegrationEvent.objects.filter(occurred_at__lt=NOW - 4 * DAY).delete()

    recompute(["airbnb"], (NOW - 90 * DAY).date(), NOW.date(), NOW)

    assert spans() == [(NOW - DAY, NOW - DAY + 2 * MINUTE)]
