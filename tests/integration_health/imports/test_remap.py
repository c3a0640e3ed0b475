"""The past mapped again is what an import by today's rules would have been."""

from datetime import timedelta

import pytest

from integration_health.imports import undo_import
from integration_health.imports.remap import (
    PendingMoves,
    pending_moves,
    remap_imports,
)
from integration_health.models import (
    EndpointRule,
    EndpointStat,
    EndpointTraffic,
    EventDay,
    EventHour,
    Failure,
    HealthDay,
    ImportBatch,
    Incident,
    Integration,
    IntegrationEvent,
    IntegrationHealth,
    StatusTransition,
)
from qa_observability.models import AuditEntry
from tests.integration_health.imports.imports import (
    DAY,
    NOW,
    event,
    import_file,
    minutes,
    stat,
)

pytestmark = pytest.mark.django_db

OWN = {"id", "pk", "batch", "batch_id", "created_at", "updated_at", "actor"}
START = DAY.start


def told(_done, _total):
    pass


def remap(now=NOW):
    return remap_imports(by=None, now=now, told=told)


def rule(tokens, key="", aspect="", position=1):
    return EndpointRule.objects.create(
        position=position, tokens=tokens, integration_key=key, aspect=aspect
    )


def rows_of(model, *, without=()):
    """Return a table's rows without what names or dates them, in one order."""
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if field.attname not in OWN | set(without)
    ]
    return sorted(model.objects.values_list(*names), key=repr)


def state():
    """Return everything that follows from imports."""
    return {
        model.__name__: rows_of(model, without=without)
        for model, without in (
            (EndpointStat, ()),
            (EndpointTraffic, ("endpoint_id",)),
            (IntegrationEvent, ()),
            (IntegrationHealth, ()),
            (HealthDay, ()),
            (EventDay, ()),
            (EventHour, ()),
            (Failure, ()),
            (Incident, ("previous_id", "detected_at")),
        )
    }


def binned():
    """An hour of two channels, a partner and a stranger, in 5-minute steps."""
    return [
        stat(endpoint, 100, errors, server=errors, at=START + minutes(5 * step))
        for step in range(12)
        for endpoint, errors in (
            ("/v9/hub/airbnb/rate-push", 2 if step < 6 else 40),
            ("/v9/hub/vrbo/rate-push", 3),
            ("/v9/hub/google/reservation-ack", 30 if step in {4, 5, 6} else 0),
            ("/v9/agoda/fees?channel=agodanew", step % 3),
            ("/v9/sync/listing", step),
        )
    ]


def whole():
    return [
        stat("/v9/hub/airbnb/rate-push", 100, 7),
        stat("/v9/hub/google/reservation-ack", 50, 6, server=4),
        stat("/v9/sync/listing", 10, 1),
    ]


def log(at=START):
    return [
        event(path, status, at + minutes(n) / 2)
        for n in range(40)
        for path, status in (
            ("/v9/hub/airbnb/rate-push", 503 if n % 2 else 200),
            ("/v9/hub/google/reservation-ack", 500 if n < 20 else 404),
            ("/v9/sync/listing", 200 if n % 3 else 502),
        )
    ]


IMPORTS = [
    pytest.param(binned, {}, id="steps"),
    pytest.param(whole, {"window": DAY}, id="a whole window"),
    pytest.param(log, {}, id="failing lines"),
    pytest.param(log, {"complete": True}, id="all lines"),
]


@pytest.mark.parametrize(("content", "options"), IMPORTS)
def test_a_remap_equals_an_import_by_the_new_rules(content, options):
    done = import_file(content(), **options)
    before = state()
    rule(["google"], "hmbn")
    rule(["sync"], "vrbo", "pricing", position=2)
    rule(["agodanew"], "booking-com", position=3)

    counts = remap()

    remapped = state()
    undo_import(done.import_id, by=None, now=NOW)
    import_file(content(), **options)
    assert remapped == state()
    assert remapped != before
    assert counts["imports"] == counts["changed"] == 1
    assert pending_moves(NOW) == PendingMoves(0, 0)


@pytest.mark.parametrize(("content", "options"), IMPORTS)
def test_rules_taken_back_bring_the_old_state_back(content, options):
    import_file(content(), **options)
    before = state()
    added = rule(["google"], "hmbn")
    remap()

    added.delete()
    remap()

    assert state() == before


def test_nothing_moves_twice_and_what_did_not_move_is_untouched():
    import_file(binned())
    kept = set(IntegrationEvent.objects.filter(integration="vrbo").values_list("pk"))
    rule(["google"], "airbnb")

    first, second = remap(), remap()

    assert first == {"imports": 1, "changed": 1, "routes": 1}
    assert second == {"imports": 1, "changed": 0, "routes": 0}
    events = IntegrationEvent.objects.filter(integration="vrbo")
    assert set(events.values_list("pk")) == kept
    (entry,) = AuditEntry.objects.filter(action="import.remapped")
    assert entry.after == {"routes": 1, "integrations": ["airbnb"]}


def test_a_renewed_check_keeps_its_identity_and_tells_no_status_twice():
    import_file(binned())
    checks = dict(IntegrationHealth.objects.values_list("integration_id", "pk"))
    told_before = StatusTransition.objects.filter(integration="airbnb").count()
    rule(["google"], "airbnb")

    remap()

    now = dict(IntegrationHealth.objects.values_list("integration_id", "pk"))
    assert now == checks
    assert StatusTransition.objects.filter(integration="airbnb").count() == told_before


def test_a_new_channel_gets_its_past_with_its_changes_of_status():
    import_file(binned())
    Integration.objects.create(slug="google", name="Google", position=9)
    rule(["google"], "google")

    remap()

    assert IntegrationEvent.objects.filter(integration="google").count() == 3
    assert IntegrationHealth.objects.filter(integration="google").count() == 1
    assert [
        (each.from_status, each.to_status, each.at)
        for each in StatusTransition.objects.filter(integration="google")
    ] == [(None, "critical", DAY.end)]


def test_a_status_typed_by_a_person_stays():
    import_file(binned())
    IntegrationHealth.objects.filter(integration="airbnb").update(
        status="healthy", status_source="manual"
    )
    rule(["google"], "airbnb")

    remap()

    check = IntegrationHealth.objects.get(integration="airbnb")
    assert (check.status, check.status_source) == ("healthy", "manual")


def test_days_whose_events_are_gone_stay_as_they_are():
    import_file(binned())
    before = state()
    rule(["google"], "airbnb")

    remap(now=NOW + timedelta(days=90))

    after = state()
    assert [name for name in before if before[name] != after[name]] == ["EndpointStat"]


def test_lines_without_a_path_stay_where_their_text_put_them():
    line = {"_time": START.isoformat(), "_raw": "ERROR airbnb push refused, giving up"}
    import_file([line])
    before = state()
    assert IntegrationEvent.objects.get().integration_id == "airbnb"

    EndpointRule.objects.filter(integration_key="airbnb").delete()
    counts = remap()

    assert counts["routes"] == 0
    assert state() == before


def test_an_import_undone_meanwhile_is_left_alone():
    done = import_file(binned())
    rule(["google"], "airbnb")
    undo_import(done.import_id, by=None, now=NOW)

    assert pending_moves(NOW) == PendingMoves(0, 0)
    assert remap() == {"imports": 0, "changed": 0, "routes": 0}


def test_an_import_older_than_its_rows_is_out_of_reach():
    import_file(binned())
    EndpointTraffic.objects.all().delete()
    rule(["google"], "airbnb")

    assert remap()["imports"] == 0


def test_what_waits_is_counted_before_and_progress_is_told():
    import_file(binned())
    import_file(whole(), window=DAY, overlap="replace")
    import_file(log(START + minutes(300)))
    seen = []
    rule(["google"], "airbnb")
    rule(["sync"], "vrbo", position=2)

    waiting = pending_moves(NOW)
    remap_imports(by=None, now=NOW, told=lambda *each: seen.append(each))

    assert waiting == PendingMoves(routes=4, imports=2)
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert ImportBatch.objects.filter(state="committed").count() == 2
