"""Days are counted again when, and only when, something about them changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection, transaction

from correlation.models import Alarm, AlarmChange, EvidenceDay, TestSource
from correlation.refresh import (
    begin_full_refresh,
    count_free_parts,
    plan_refresh,
    refresh_correlations,
)
from correlation.refresh.parts import added_up
from correlation.storage.evidence_days import (
    ALL_ALARMS,
    alarm_revisions,
    compact_revisions,
)
from integration_health.models import Incident
from tests.correlation import scene

pytestmark = pytest.mark.django_db
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def counted_scene():
    scene.announced_airbnb()
    scene.strangers()
    refresh_correlations(now=scene.NOW)


def stale():
    """Return what must be counted: integration and day of the scene."""
    first = (scene.BEGIN - EPOCH).days
    return {
        (part.integration_id, part.day - first)
        for part in plan_refresh(scene.NOW).stale
    }


def of_day(day):
    """Return the parts of a day on which Airbnb failed."""
    return {(ALL_ALARMS, day), ("airbnb", day)}


def test_nothing_is_counted_twice():
    counted_scene()

    assert stale() == set()


def test_an_alarm_touches_its_day():
    counted_scene()
    case = scene.known_test("late")

    scene.failures(case, [scene.at(14, 3)])

    assert stale() == of_day(14)


@pytest.mark.parametrize("days", [[14], [12, 13, 14]])
def test_what_a_refresh_asks_grows_with_neither_days_nor_tests(
    days, django_assert_num_queries
):
    counted_scene()
    for day in days:
        scene.failures(scene.known_test(f"late-{day}"), [scene.at(day, 3)])

    with django_assert_num_queries(24):
        refresh_correlations(now=scene.NOW)

    assert stale() == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda alarms: alarms.delete(),
        lambda alarms: alarms.update(failed_at=scene.at(16, 5)),
    ],
    ids=["deleted", "moved"],
)
def test_alarms_that_go_touch_their_day(change):
    counted_scene()
    of_test = Alarm.objects.filter(test_case_id="checkout")

    change(of_test.filter(failed_at__date=scene.at(16).date()))

    assert stale() == of_day(16)


def test_an_incident_touches_its_channel_and_day_alone():
    counted_scene()

    scene.incident("vrbo", scene.at(15, 12))

    assert stale() == {("vrbo", 15)}


def test_an_incident_reaches_a_window_back_over_midnight():
    counted_scene()

    scene.incident("vrbo", scene.at(15, 0, 30), minutes=10)

    assert stale() == {("vrbo", 14), ("vrbo", 15)}


def test_an_incident_that_is_withdrawn_leaves_nothing_to_count():
    counted_scene()
    scene.incident("vrbo", scene.at(15, 12))
    refresh_correlations(now=scene.NOW)

    Incident.objects.filter(integration_id="vrbo").update(
        state="withdrawn", withdrawn_at=scene.NOW
    )

    assert stale() == set()
    assert refresh_correlations(now=scene.NOW)["incidents"] == 13


def test_a_storm_touches_what_it_takes_out_of_the_day():
    counted_scene()

    for integration in ("vrbo", "hmbn", "booking-com"):
        scene.incident(integration, scene.at(16, 2))

    assert stale() == {(ALL_ALARMS, 16)}


def test_another_window_counts_everything_anew():
    counted_scene()
    days = EvidenceDay.objects.count()

    TestSource.objects.filter(name="ci").update(window_seconds=3601)

    assert len(stale()) == days


def test_counting_again_changes_nothing():
    counted_scene()
    before = list(EvidenceDay.objects.order_by("id").values())
    plan = plan_refresh(scene.NOW)
    every = [part for layout in plan.layouts for part in layout.parts]
    EvidenceDay.objects.filter(day__lt=scene.at(12)).delete()

    assert count_free_parts(plan_refresh(scene.NOW), every) == len(
        [row for row in before if row["day"] < scene.at(12).date()]
    )
    assert count_free_parts(plan_refresh(scene.NOW), every) == 0

    again = EvidenceDay.objects.order_by("integration_id", "day")
    fields = ["integration_id", "day", "revision", "fingerprint", "marks"]
    assert [tuple(map(_plain, row)) for row in again.values_list(*fields)] == sorted(
        tuple(_plain(row[name]) for name in fields) for row in before
    )


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def test_revisions_stay_when_their_rows_become_one():
    counted_scene()
    scene.failures(scene.known_test("late"), [scene.at(14, 3), scene.at(14, 9)])
    before = alarm_revisions()

    compact_revisions()

    assert alarm_revisions() == before
    assert AlarmChange.objects.count() == len(before)
    assert stale() == of_day(14)


def test_a_full_refresh_begins_with_everything_to_count():
    counted_scene()
    days = EvidenceDay.objects.count()

    assert len(begin_full_refresh(scene.NOW).stale) == days
    assert not EvidenceDay.objects.exists()


def sums():
    plan = plan_refresh(scene.NOW)
    assert plan.stale == ()
    (layout,) = plan.layouts
    numbers, alarms, counts = added_up(plan, layout)
    return (
        numbers.tolist(),
        alarms,
        counts.trials.tolist(),
        counts.hits.tolist(),
        counts.expected.tolist(),
    )


def test_days_on_which_nothing_is_watched_any_more_count_no_more():
    counted_scene()
    for day in (15, 16):
        scene.incident("vrbo", scene.at(day, 12))
    scene.failures(scene.known_test("early"), [scene.at(15, 11), scene.at(16, 11)])
    refresh_correlations(now=scene.NOW)

    Incident.objects.filter(integration_id="vrbo", started_at=scene.at(15, 12)).update(
        state="withdrawn", withdrawn_at=scene.NOW
    )

    left = sums()
    EvidenceDay.objects.all().delete()
    refresh_correlations(now=scene.NOW)
    assert EvidenceDay.objects.filter(integration_id="vrbo").count() == 1
    assert left == sums()


def in_threads(*actions):
    """Run actions at the same time, each with a connection of its own."""
    start = Barrier(len(actions))

    def run(action):
        start.wait()
        try:
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_workers_at_the_same_parts_end_where_one_would():
    counted_scene()
    alone = sums()
    plan = begin_full_refresh(scene.NOW)
    forward, backward = list(plan.stale), list(plan.stale)[::-1]

    in_threads(
        lambda: count_free_parts(plan, forward[: len(forward) * 2 // 3]),
        lambda: count_free_parts(plan, backward[: len(backward) * 2 // 3]),
        lambda: refresh_correlations(now=scene.NOW)["links"],
    )

    assert sums() == alone


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_refreshes_at_once_take_turns():
    scene.announced_airbnb()
    scene.strangers()

    def refresh():
        return refresh_correlations(now=scene.NOW)

    first, second = in_threads(refresh, refresh)

    assert first == second
    assert first["links"] == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_day_counted_while_alarms_arrive_is_counted_again():
    counted_scene()
    case = scene.known_test("late")
    plan = begin_full_refresh(scene.NOW)

    with transaction.atomic():
        scene.failures(case, [scene.at(14, 3)])
        in_threads(lambda: count_free_parts(plan, plan.stale))

    assert stale() == of_day(14)
    assert Alarm.objects.filter(test_case=case).get().failed_at == scene.at(14, 3)
    refresh_correlations(now=scene.NOW)
    assert stale() == set()
