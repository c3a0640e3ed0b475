"""Of two beats one speaks, once per job and minute, whatever clock and database do."""

from datetime import UTC, datetime, timedelta

import pytest
from celery import Celery
from django.db import connection, connections

from qa_observability import beat
from qa_observability.beat import STANDBY_SECONDS, OneBeat
from qa_observability.celery import app as own_app
from qa_observability.schedule import Cron
from tests.runtime.started import becomes

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

NOON = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def house(monkeypatch):
    """A Celery app with a clock to set, one job a minute, and a list of what was sent."""
    app = Celery("house", broker="memory://localhost//", set_as_current=False)
    app.conf.beat_schedule = {"sweep": {"task": "sweep", "schedule": Cron()}}
    app.conf.result_expires = None  # else a cleanup of its own
    app.clock_says = NOON
    app.now = lambda: app.clock_says
    # A stored schedule forgets its app and asks the process' own for the time.
    monkeypatch.setattr(own_app, "now", app.now)
    app.sent = []
    return app


@pytest.fixture
def start(house, tmp_path, monkeypatch):
    """Start a beat with a connection of its own, as in a process of its own."""
    opened = []

    def start(name):
        own = connections.create_connection("default")
        own.settings_dict = dict(own.settings_dict)
        scheduler = OneBeat(app=house, schedule_filename=str(tmp_path / name))
        monkeypatch.setattr(
            scheduler,
            "apply_async",
            lambda entry, **_k: house.sent.append((name, entry.task)),
        )

        def tick():
            monkeypatch.setattr(beat, "connection", own)
            return scheduler.tick()

        opened.append(scheduler)
        scheduler.own = own
        scheduler.tick_alone = tick
        return scheduler

    yield start
    for each in opened:
        each.close()
        each.own.close()


def minutes_pass(house, *beats, minutes):
    for _ in range(minutes):
        house.clock_says += timedelta(minutes=1)
        for each in beats:
            while each.tick_alone() == 0:  # one job a look
                pass


def test_of_two_beats_one_queues_each_job_once(house, start):
    first, second = start("first"), start("second")
    first.tick_alone()

    minutes_pass(house, second, first, minutes=3)

    assert house.sent == [("first", "sweep")] * 3
    assert second.tick_alone() == STANDBY_SECONDS


def test_the_second_takes_over_when_the_first_dies(house, start):
    first, second = start("first"), start("second")
    first.tick_alone()
    minutes_pass(house, first, second, minutes=1)

    first.own.close()
    assert becomes(lambda: second.tick_alone() < STANDBY_SECONDS or second.speaks)
    minutes_pass(house, second, minutes=2)

    assert house.sent == [("first", "sweep"), ("second", "sweep"), ("second", "sweep")]


def test_without_a_database_it_waits_and_then_goes_on(house, start, monkeypatch):
    lonely = start("first")
    lonely.tick_alone()
    settings = lonely.own.settings_dict
    lonely.own.close()
    name, settings["NAME"] = settings["NAME"], "nowhere_to_be_found"
    minutes_pass(house, lonely, minutes=2)
    assert house.sent == []

    settings["NAME"] = name
    minutes_pass(house, lonely, minutes=1)

    assert house.sent == [("first", "sweep")]


def test_a_clock_put_back_silences_no_job(house, start):
    lonely = start("first")
    lonely.tick_alone()
    house.clock_says += timedelta(days=2)
    minutes_pass(house, lonely, minutes=2)
    house.sent.clear()

    house.clock_says -= timedelta(days=2)
    minutes_pass(house, lonely, minutes=3)

    assert house.sent == [("first", "sweep")] * 3


def test_a_clock_put_back_while_it_was_down_silences_no_job(house, start):
    house.clock_says += timedelta(days=2)
    before = start("first")
    before.tick_alone()
    minutes_pass(house, before, minutes=1)
    before.close()
    before.own.close()
    house.sent.clear()

    house.clock_says = NOON
    after = start("first")
    after.tick_alone()
    minutes_pass(house, after, minutes=2)

    assert len(house.sent) == 3


def test_a_clock_nudged_back_repeats_nothing(house, start):
    lonely = start("first")
    lonely.tick_alone()
    minutes_pass(house, lonely, minutes=1)
    assert len(house.sent) == 1

    house.clock_says -= timedelta(seconds=40)
    lonely.tick_alone()
    house.clock_says += timedelta(seconds=20)
    lonely.tick_alone()

    assert len(house.sent) == 1


def test_the_lock_is_held_once_however_often_it_is_asked_for(start):
    assert [beat.holds_lock(), beat.holds_lock()] == [True, True]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [beat.LOCK])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [beat.LOCK])
        assert cursor.fetchone() == (False,)


def test_it_is_the_beat_that_is_run(settings):
    assert settings.CELERY_BEAT_SCHEDULER == "qa_observability.beat.OneBeat"
