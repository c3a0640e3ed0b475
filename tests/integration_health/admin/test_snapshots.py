"""All channels are entered on one page; what was entered can be put right."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from integration_health.ingest.snapshots import SnapshotInput, record_snapshot
from integration_health.models import HealthDay, IntegrationHealth, StatusTransition
from qa_observability.models import AuditEntry

ENTER = "/admin/integration_health/integrationhealth/enter/"
LIST = "/admin/integration_health/integrationhealth/"
SLUGS = ("booking-com", "airbnb", "vrbo", "hmbn")


def record(slug="airbnb", hours=2, **signals):
    now = timezone.now()
    return record_snapshot(
        SnapshotInput(
            integration_id=slug, last_checked=now - timedelta(hours=hours), **signals
        ),
        source="api",
        actor="pipeline",
        now=now,
    )[0]


def moment(**ago):
    return f"{timezone.now() - timedelta(**ago):%Y-%m-%dT%H:%M:%S}"


def filled(**changes):
    """Return what the browser sends when every channel is ticked and healthy."""
    sent = {"checked_at": moment(minutes=1)}
    for slug in SLUGS:
        sent |= {
            f"{slug}-record": "on",
            f"{slug}-pricing_sync_status": "ok",
            f"{slug}-fees_sync_status": "ok",
            f"{slug}-booking_loss_rate": "0.1",
            f"{slug}-error_rate": "1,9 %",
            f"{slug}-status": "",
        }
    return {
        name: value for name, value in (sent | changes).items() if value is not None
    }


def test_grid_is_filled_with_what_each_channel_said_last(boss):
    record(pricing_sync_status="error", error_rate=Decimal("0.061"))

    rows = {row.integration.slug: row for row in boss.get(ENTER).context["grid"].rows}

    assert set(rows) == set(SLUGS)
    assert rows["airbnb"].initial == {
        "record": True,
        "pricing_sync_status": "error",
        "fees_sync_status": "",
        "booking_loss_rate": "",
        "error_rate": "6.1",
        "status": "",
    }
    assert rows["vrbo"].initial == {}


def test_four_channels_are_recorded_by_one_click(boss):
    answer = boss.post(ENTER, filled(), follow=True)

    assert answer.redirect_chain == [(LIST, 302)]
    assert set(
        IntegrationHealth.objects.values_list(
            "integration_id", "status", "error_rate", "booking_loss_rate", "actor"
        )
    ) == {
        (slug, "healthy", Decimal("0.019"), Decimal("0.001"), "ana") for slug in SLUGS
    }
    assert (
        "Airbnb: Healthy because error rate 1.9 % &lt; 2 %." in answer.content.decode()
    )


def test_unticked_channels_are_left_alone(boss):
    record("vrbo", error_rate=Decimal("0.019"), booking_loss_rate=Decimal("0.001"))
    unticked = {f"{slug}-record": None for slug in SLUGS if slug != "airbnb"}
    blank = {
        f"{slug}-{field}": ""
        for slug in ("booking-com", "hmbn")
        for field in (
            "pricing_sync_status",
            "fees_sync_status",
            "booking_loss_rate",
            "error_rate",
        )
    }
    same = {"vrbo-pricing_sync_status": "", "vrbo-fees_sync_status": ""}

    boss.post(ENTER, filled(**unticked, **blank, **same, **{"vrbo-error_rate": "1.9"}))

    recorded = IntegrationHealth.objects.filter(source="manual")
    assert list(recorded.values_list("integration_id", flat=True)) == ["airbnb"]


@pytest.mark.parametrize(
    ("changes", "row", "field"),
    [
        pytest.param({"airbnb-error_rate": "101"}, "airbnb", "error_rate"),
        pytest.param({"airbnb-error_rate": "5 in 10"}, "airbnb", "error_rate"),
        pytest.param({"airbnb-error_rate": "-1"}, "airbnb", "error_rate"),
        pytest.param({"hmbn-record": None}, "hmbn", "record", id="filled, not ticked"),
        pytest.param(
            {
                f"vrbo-{name}": ""
                for name in (
                    "pricing_sync_status",
                    "fees_sync_status",
                    "booking_loss_rate",
                    "error_rate",
                )
            },
            "vrbo",
            "record",
            id="ticked, not filled",
        ),
    ],
)
def test_wrong_line_is_marked_and_nothing_is_recorded(boss, changes, row, field):
    answer = boss.post(ENTER, filled(**changes))

    errors = {
        each.integration.slug: set(each.errors) for each in answer.context["grid"].rows
    }
    assert errors == {slug: {field} if slug == row else set() for slug in SLUGS}
    assert not IntegrationHealth.objects.exists()


@pytest.mark.parametrize(
    "checked_at",
    [
        pytest.param("", id="none"),
        pytest.param("yesterday", id="words"),
        pytest.param(f"{datetime(2126, 1, 1, tzinfo=UTC):%Y-%m-%dT%H:%M}", id="future"),
    ],
)
def test_wrong_moment_is_marked(boss, checked_at):
    answer = boss.post(ENTER, filled(checked_at=checked_at))

    assert set(answer.context["grid"].moment.errors) == {"checked_at"}


def test_another_check_of_the_moment_is_told(boss):
    sent = filled()
    boss.post(ENTER, sent)

    answer = boss.post(ENTER, sent | {"airbnb-error_rate": "50"})

    assert set(answer.context["grid"].moment.errors) == {"checked_at"}
    assert IntegrationHealth.objects.count() == 4


def test_who_may_not_record_may_not_enter(client, db):
    reader = User.objects.create_user("rita", password="a-long-password", is_staff=True)
    reader.groups.add(Group.objects.get(name="Viewer"))
    client.force_login(reader)

    assert client.get(ENTER).status_code == 403


def test_check_put_right_moves_its_days_and_status(boss):
    snapshot = record(error_rate=Decimal("0.5"))
    url = reverse(
        "admin:integration_health_integrationhealth_change", args=[snapshot.pk]
    )
    page = boss.get(url)
    assert page.context["adminform"].form["error_rate"].value() == "50"

    answer = boss.post(
        url,
        {
            "last_checked_0": f"{snapshot.last_checked:%Y-%m-%d}",
            "last_checked_1": f"{snapshot.last_checked:%H:%M:%S}",
            "pricing_sync_status": "",
            "fees_sync_status": "",
            "booking_loss_rate": "",
            "error_rate": "1",
            "status": "",
        },
    )

    assert answer.status_code == 302, answer.context["errors"]
    snapshot.refresh_from_db()
    assert (snapshot.status, snapshot.error_rate) == ("healthy", Decimal("0.01"))
    assert {day.error_rate for day in HealthDay.objects.all()} == {Decimal("0.01")}
    assert StatusTransition.objects.order_by("created_at").last().to_status == "healthy"
    assert AuditEntry.objects.get(action="snapshot.changed").actor_name == "ana"


def test_deleted_checks_take_their_days_with_them(boss):
    snapshots = [record(error_rate=Decimal("0.5")), record("vrbo", status="critical")]

    boss.post(
        LIST,
        {
            "action": "delete_selected",
            "_selected_action": [str(each.pk) for each in snapshots],
            "post": "yes",
        },
    )

    assert not IntegrationHealth.objects.exists()
    assert not HealthDay.objects.exists()
    assert StatusTransition.objects.filter(to_status=None).count() == 2


@pytest.mark.parametrize("snapshots", [1, 3])
def test_list_costs_the_same_for_any_number(boss, snapshots, django_assert_num_queries):
    for hours in range(snapshots):
        record(hours=hours + 1, error_rate=Decimal("0.01"))
    boss.get(LIST)

    with django_assert_num_queries(6):
        boss.get(LIST)
