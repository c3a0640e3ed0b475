"""Configuration follows its verbs; what this system wrote is read-only."""

from datetime import UTC, datetime, timedelta

import pytest
from celery.exceptions import Retry
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueAway

from integration_health.ingest.events import EventInput, ingest_events
from integration_health.models import (
    Alert,
    EndpointRule,
    Incident,
    Integration,
    IntegrationEvent,
    MaintenanceWindow,
    StatusTransition,
)
from integration_health.refresh.maintenance import is_long
from integration_health.tasks import mark_maintenance
from qa_observability.lib.periods import Window
from qa_observability.models import AuditEntry, JobRun
from tests.integration_health.storage.oracle import expected_rollups, stored_rollups


@pytest.fixture
def incident(db):
    now = timezone.now()
    return Incident.objects.create(
        integration_id="airbnb",
        started_at=now - timedelta(hours=2),
        ended_at=now - timedelta(hours=1),
        severity="high",
        detected_at=now,
    )


def test_incidents_are_acted_on_and_never_edited(boss, incident):
    url = "/admin/integration_health/incident/"
    for deed in ("acknowledge_chosen", "resolve_chosen", "acknowledge_chosen"):
        answer = boss.post(
            url, {"action": deed, "_selected_action": [str(incident.pk)]}, follow=True
        )

    incident.refresh_from_db()
    assert (incident.state, incident.resolved_by) == ("resolved", "ana")
    assert "This incident is resolved already." in answer.content.decode()
    assert boss.get(f"{url}{incident.pk}/change/").status_code == 200
    assert boss.get(f"{url}{incident.pk}/delete/").status_code == 403
    assert boss.get(f"{url}add/").status_code == 403


@pytest.mark.parametrize("model", ["statustransition", "alert"])
def test_records_are_read_only(boss, model):
    now = timezone.now()
    StatusTransition.objects.create(
        integration_id="airbnb", at=now, to_status="critical"
    )
    Alert.objects.create(
        kind="critical", severity="high", group="g", raised_at=now, last_raised_at=now
    )
    url = f"/admin/integration_health/{model}/"

    assert boss.get(url).status_code == 200
    assert boss.get(f"{url}add/").status_code == 403


def test_channels_thresholds_are_changed_and_audited(boss):
    integration = Integration.objects.get(pk="airbnb")

    boss.post(
        "/admin/integration_health/integration/airbnb/change/",
        {
            "name": "Airbnb",
            "position": "1",
            "enabled": "on",
            "error_rate_warning": "0.03",
            "error_rate_critical": "0.06",
            "booking_loss_warning": "0.005",
            "booking_loss_critical": "0.015",
            "expected_interval": "06:00:00",
        },
    )

    integration.refresh_from_db()
    assert integration.expected_interval == timedelta(hours=6)
    entry = AuditEntry.objects.get(action="integration.changed")
    assert (entry.before["error_rate_warning"], entry.after["error_rate_warning"]) == (
        "0.0200",
        "0.0300",
    )


LISBON_SUNDAYS = {
    "title": "Upgrade",
    "starts_at_0": "2026-03-22",
    "starts_at_1": "02:00:00",
    "ends_at_0": "2026-03-22",
    "ends_at_1": "04:00:00",
    "recurrence": "weekly",
    "repeats_until_0": "2026-04-30",
    "repeats_until_1": "00:00:00",
    "time_zone": "Europe/Lisbon",
}
MAINTENANCE = "/admin/integration_health/maintenancewindow/"


def test_outage_is_typed_and_shown_by_the_clocks_of_its_zone(boss):
    assert boss.post(f"{MAINTENANCE}add/", LISBON_SUNDAYS).status_code == 302

    window = MaintenanceWindow.objects.get()
    form = boss.get(f"{MAINTENANCE}{window.pk}/change/").context["adminform"].form
    summer = LISBON_SUNDAYS | {"starts_at_0": "2026-04-05", "ends_at_0": "2026-04-05"}
    boss.post(f"{MAINTENANCE}{window.pk}/change/", summer)

    listed = boss.get(MAINTENANCE).content.decode()

    assert "April 5, 2026, 2 a.m." in listed
    assert "April 30, 2026, midnight" in listed
    shown = [f"{form[name].value()}" for name in ("starts_at", "ends_at")]
    assert shown == ["2026-03-22 02:00:00", "2026-03-22 04:00:00"]
    assert window.starts_at == datetime(2026, 3, 22, 2, tzinfo=UTC)
    window.refresh_from_db()
    assert window.starts_at == datetime(2026, 4, 5, 1, tzinfo=UTC)
    assert window.repeats_until == datetime(2026, 4, 29, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        pytest.param("time_zone", "Europe/Lisboa", id="unknown zone"),
        pytest.param("time_zone", "../../etc/passwd", id="no zone at all"),
        pytest.param("time_zone", "", id="no zone"),
        pytest.param("starts_at_1", "25:00", id="no time"),
    ],
)
def test_outage_by_no_clock_is_refused_by_its_field(boss, field, typed):
    answer = boss.post(f"{MAINTENANCE}add/", LISBON_SUNDAYS | {field: typed})

    assert list(answer.context["adminform"].form.errors) == [field.removesuffix("_1")]
    assert not MaintenanceWindow.objects.exists()


def test_channels_are_switched_off_not_deleted(boss):
    url = "/admin/integration_health/integration/airbnb/delete/"

    assert boss.get(url).status_code == 403


def test_rules_and_outages_are_audited(boss):
    now = timezone.now()
    boss.post(
        "/admin/integration_health/endpointrule/add/",
        {"position": "900", "tokens": "agoda", "integration_key": "other:agoda"},
    )
    boss.post(
        "/admin/integration_health/maintenancewindow/add/",
        {
            "title": "Upgrade",
            "starts_at_0": f"{now:%Y-%m-%d}",
            "starts_at_1": "10:00:00",
            "ends_at_0": f"{now:%Y-%m-%d}",
            "ends_at_1": "11:00:00",
            "recurrence": "none",
            "time_zone": "UTC",
        },
    )
    window = MaintenanceWindow.objects.get()
    boss.post(
        f"/admin/integration_health/maintenancewindow/{window.pk}/delete/",
        {"post": "yes"},
    )

    assert EndpointRule.objects.filter(integration_key="other:agoda").count() == 1
    assert list(AuditEntry.objects.order_by("at").values_list("action", flat=True)) == [
        "endpoint_rule.added",
        "maintenance_window.added",
        "maintenance_window.removed",
    ]


@pytest.mark.parametrize(
    "model",
    ["integration", "endpointrule", "maintenancewindow", "annotation", "incident"],
)
def test_lists_open(boss, incident, model):
    assert boss.get(f"/admin/integration_health/{model}/?q=a").status_code == 200


def plan_a_month(boss):
    """Enter faults of 20 days, then plan an outage of a month around them."""
    now = timezone.now().replace(minute=30, second=0, microsecond=0)
    ingest_events(
        [
            EventInput(
                integration_id="airbnb",
                event_type="api_error",
                severity="high",
                occurred_at=now - timedelta(days=days),
            )
            for days in range(1, 21)
        ],
        source="api",
        actor="",
        now=now,
    )
    start = now - timedelta(days=30)
    return boss.post(
        f"{MAINTENANCE}add/",
        {
            "title": "Moved to another supplier",
            "starts_at_0": f"{start:%Y-%m-%d}",
            "starts_at_1": "00:00:00",
            "ends_at_0": f"{now:%Y-%m-%d}",
            "ends_at_1": f"{now:%H:%M:%S}",
            "recurrence": "none",
            "time_zone": "UTC",
        },
        follow=True,
    )


def marked():
    return IntegrationEvent.objects.filter(in_maintenance=True).count()


def test_a_long_outage_is_applied_by_a_job_that_people_are_told_of(
    boss, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as committed:
        page = plan_a_month(boss)
    before = marked()
    for callback in committed:
        callback()

    assert "being marked in the background" in page.content.decode()
    assert (before, marked()) == (0, 20)
    run = JobRun.objects.get(job="integration_health.mark_maintenance")
    assert (run.result, run.counts) == ("done", {"events": 20})
    assert stored_rollups() == expected_rollups(timezone.now())


def test_a_long_outage_taken_back_lets_its_events_count_again(
    boss, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        plan_a_month(boss)
        chosen = [str(MaintenanceWindow.objects.get().pk)]
    before = marked()
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(
            MAINTENANCE,
            {"action": "delete_selected", "_selected_action": chosen, "post": "yes"},
        )

    assert (before, marked()) == (20, 0)
    assert stored_rollups() == expected_rollups(timezone.now())


def test_without_a_queue_a_long_outage_is_applied_while_people_wait(
    boss, monkeypatch, django_capture_on_commit_callbacks
):
    def no_queue(*args):
        raise QueueAway

    monkeypatch.setattr(mark_maintenance, "delay", no_queue)
    with django_capture_on_commit_callbacks(execute=True):
        plan_a_month(boss)

    assert marked() == 20


def test_a_stretch_waits_while_another_is_being_marked(monkeypatch):
    monkeypatch.setattr("integration_health.tasks._mark", lambda *_: {"skipped": 1})

    with pytest.raises(Retry):
        mark_maintenance("airbnb", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")


@pytest.mark.parametrize(
    ("past", "ahead", "expected"),
    [
        pytest.param(7, 0, False, id="a week"),
        pytest.param(7.01, 0, True, id="more than a week"),
        pytest.param(0, 365, False, id="what is to come has no events"),
        pytest.param(-1, 365, False, id="from tomorrow on"),
        pytest.param(7.01, 365, True, id="both"),
    ],
)
def test_long_is_what_reaches_back_more_than_a_week(past, ahead, expected):
    now = datetime(2026, 3, 1, tzinfo=UTC)
    reach = Window(now - timedelta(days=past), now + timedelta(days=ahead))

    assert is_long(reach, now) is expected
