"""Weeks of events come and go while somebody reads."""

import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from integration_health.ingest.events import EventInput, ingest_events
from integration_health.models import (
    EndpointStat,
    EndpointTraffic,
    EventDay,
    EventHour,
    Failure,
    ImportBatch,
    IntegrationEvent,
    RejectedRow,
)
from integration_health.refresh.retention import make_partitions, remove_old
from integration_health.storage import partitions
from integration_health.storage.partitions import (
    drop_partitions_before,
    ensure_partitions,
    week_of,
)

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
STALL = 0.15  # seconds a reader may wait at worst

whole_database = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def mondays():
    return [partition.monday for partition in partitions.partitions()]


def ingest(moment, **changes):
    values = {"integration_id": "airbnb", "event_type": "api_error", "severity": "high"}
    event = EventInput(line=1, occurred_at=moment, **(values | changes))
    return ingest_events([event], source="api", actor="", now=moment)


@pytest.fixture
def no_weeks_left():
    drop_partitions_before(date(2100, 1, 1))  # what other tests made
    yield
    drop_partitions_before(date(2100, 1, 1))


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        pytest.param(date(2026, 1, 5), date(2026, 1, 5), id="monday"),
        pytest.param(date(2026, 1, 11), date(2026, 1, 5), id="sunday"),
        pytest.param(date(2026, 1, 1), date(2025, 12, 29), id="over the year's end"),
    ],
)
def test_weeks_start_on_mondays(day, monday):
    assert week_of(day) == monday


@pytest.mark.django_db
def test_missing_weeks_are_made_once():
    days = [date(2031, 1, 6), date(2031, 1, 12), date(2031, 1, 20)]

    made = [ensure_partitions(days) for _ in range(2)]

    assert made == [2, 0]
    assert {date(2031, 1, 6), date(2031, 1, 20)} <= set(mondays())


@pytest.mark.django_db
def test_standing_weeks_cost_one_query(django_assert_num_queries):
    ensure_partitions([date(2031, 1, 6)])

    with django_assert_num_queries(1):
        ensure_partitions([date(2031, 1, 6)])


@pytest.mark.django_db
def test_job_makes_the_last_ninety_days_and_eight_weeks_ahead():
    made = [make_partitions(NOW) for _ in range(2)]

    standing = mondays()
    assert week_of((NOW - 90 * DAY).date()) in standing
    assert week_of((NOW + 56 * DAY).date()) in standing
    assert made[1] == 0


@whole_database
def test_two_callers_at_once_make_one_week(no_weeks_left):
    made = []

    def ensure():
        made.append(ensure_partitions([date(2032, 1, 5)]))
        connection.close()

    threads = [threading.Thread(target=ensure) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(made) == [0, 0, 0, 1]


class Reader(threading.Thread):
    """Reads all events over and over; remembers its longest wait."""

    def __init__(self):
        super().__init__()
        self.longest = 0.0
        self.reads = 0
        self._over = threading.Event()

    def run(self):
        while not self._over.is_set():
            started = time.perf_counter()
            IntegrationEvent.objects.count()
            self.longest = max(self.longest, time.perf_counter() - started)
            self.reads += 1
        connection.close()

    def stop(self):
        self._over.set()
        self.join(30)


class LongTransaction(threading.Thread):
    """Holds a transaction open that has read the events."""

    def __init__(self):
        super().__init__()
        self.has_read = threading.Event()
        self._over = threading.Event()

    def run(self):
        with transaction.atomic():
            IntegrationEvent.objects.count()
            self.has_read.set()
            self._over.wait(60)
        connection.close()

    def stop(self):
        self._over.set()
        self.join(30)


@whole_database
def test_partition_work_stalls_no_reader_behind_a_long_transaction(no_weeks_left):
    ensure_partitions([date(2026, 1, 5)])
    reader, blocker = Reader(), LongTransaction()
    blocker.start()
    blocker.has_read.wait(30)
    reader.start()
    try:
        ensure_partitions([date(2026, 1, 12)])
        dropper = threading.Thread(
            target=lambda: (
                drop_partitions_before(date(2026, 1, 12)),
                connection.close(),
            )
        )
        dropper.start()
        time.sleep(1)
    finally:
        blocker.stop()
        dropper.join(30)
        reader.stop()

    assert mondays() == [date(2026, 1, 12)]
    assert reader.reads > 20
    assert reader.longest < STALL


@whole_database
def test_week_that_is_read_too_long_leaves_with_the_next_run(
    no_weeks_left, monkeypatch
):
    monkeypatch.setattr(partitions, "_PATIENCE", "300ms")
    ensure_partitions([date(2026, 1, 5)])
    blocker = LongTransaction()
    blocker.start()
    blocker.has_read.wait(30)

    dropped = [drop_partitions_before(date(2026, 1, 12))]
    leaving = {week.monday: week.leaving for week in partitions.partitions()}
    blocker.stop()
    dropped.append(drop_partitions_before(date(2026, 1, 12)))

    assert dropped == [[], ["integration_events_20260105"]]
    assert leaving[date(2026, 1, 5)] is True
    assert date(2026, 1, 5) not in mondays()


@whole_database
def test_old_events_go_by_weeks_and_their_days_stay(no_weeks_left):
    old = NOW - 100 * DAY
    ingest(old)
    ingest(NOW)

    removed = remove_old(NOW)

    assert (removed["weeks"], removed["hours"], removed["failures"]) == (1, 1, 1)
    assert IntegrationEvent.objects.count() == 1
    assert [hour.hour for hour in EventHour.objects.all()] == [NOW]
    assert Failure.objects.count() == 1
    assert EventDay.objects.filter(day=old.date()).get().failures == 1


@whole_database
def test_days_go_after_25_months(no_weeks_left):
    for age, kept in ((762, True), (763, False)):
        EventDay.objects.create(
            integration_id="airbnb",
            day=(NOW - age * DAY).date(),
            event_type="kept" if kept else "gone",
            severity="low",
        )

    remove_old(NOW)

    assert [row.event_type for row in EventDay.objects.all()] == ["kept"]


@whole_database
def test_rows_of_imports_go_after_90_days_and_the_imports_stay(no_weeks_left):
    for age in (90, 91):
        moment = NOW - age * DAY
        batch = ImportBatch.objects.create(
            kind="endpoint_stats", file_name=str(age), sha256="0", state="committed"
        )
        ImportBatch.objects.filter(pk=batch.pk).update(created_at=moment)
        RejectedRow.objects.create(batch=batch, line=1, reason=str(age))
        counted = {"requests": 2, "errors": 1}
        route = EndpointStat.objects.create(
            batch=batch, route=f"/{age}", integration_key="vrbo", **counted
        )
        EndpointTraffic.objects.create(
            endpoint=route, client_errors=1, server_errors=0, **counted
        )

    removed = remove_old(NOW)

    assert removed["rejected_rows"] == 1
    assert [each.reason for each in RejectedRow.objects.all()] == ["90"]
    assert [each.route for each in EndpointStat.objects.all()] == ["/90"]
    assert [each.endpoint.route for each in EndpointTraffic.objects.all()] == ["/90"]
    assert ImportBatch.objects.count() == 2
