"""Assumptions by hand: effect first, percent as typed, versions never edited."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone, translation

from integration_health.models import EventDay
from qa_observability.models import AuditEntry
from revenue.configure import Authorship, set_assumption
from revenue.forms import AssumptionForm
from revenue.models import RevenueAssumption
from tests.revenue.builders import values

pytestmark = pytest.mark.django_db

LIST = "/admin/revenue/revenueassumption/"
ADD = f"{LIST}add/"


def client_with(*rights):
    user = User.objects.create_user("ada")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin():
    return client_with("configure_revenue", "use_admin")


def form(**changes):
    return {
        "integration": "airbnb",
        "avg_booking_value": "300.00",
        "leakage_percentage": "7 %",
        "bookings_per_day": "40",
        "method": "",
        "currency": "usd",
        "valid_from": timezone.now().date().isoformat(),
        "reason": "New season",
    } | changes


def previewed(page):
    (mark,) = re.findall(r'name="previewed" value="([^"]*)"', page.content.decode())
    return mark


def test_the_effect_is_shown_before_anything_is_saved(admin):
    EventDay.objects.create(
        integration_id="airbnb",
        day=timezone.now().date(),
        event_type="pricing_sync_error",
        severity="high",
        failures=10,
    )

    page = admin.post(ADD, form())

    text = page.content.decode()
    assert "Average booking value: $300.00" in text
    assert "Leakage: 7.00 % (0.07)" in text
    assert "<td>$125.00</td>" in text
    assert "<td>$210.00</td>" in text
    assert RevenueAssumption.objects.count() == 0


def test_a_confirmed_form_is_a_new_version(admin):
    page = admin.post(ADD, form())

    answer = admin.post(ADD, form(previewed=previewed(page)))

    assert answer.status_code == 302
    row = RevenueAssumption.objects.get()
    assert row.values() == values("300.00", "0.07", "40")
    assert (row.integration_id, row.actor, row.reason, row.currency) == (
        "airbnb",
        "ada",
        "New season",
        "USD",
    )


def test_what_was_changed_after_the_preview_is_previewed_again(admin):
    page = admin.post(ADD, form())

    answer = admin.post(ADD, form(previewed=previewed(page), leakage_percentage="70"))

    assert answer.status_code == 200
    assert "Leakage: 70.00 % (0.7)" in answer.content.decode()
    assert RevenueAssumption.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "ratio"),
    [
        ("5", "0.05"),
        ("5 %", "0.05"),
        ("5%", "0.05"),
        ("5,5", "0.055"),
        ("0.05", "0.0005"),
        ("100", "1"),
        ("0", "0"),
    ],
)
def test_percent_is_read_as_percent(typed, ratio):
    filled = AssumptionForm(form(leakage_percentage=typed))

    assert filled.is_valid(), filled.errors
    assert filled.wish().values.leakage_percentage == Decimal(ratio)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"leakage_percentage": "five"}, "leakage_percentage"),
        ({"leakage_percentage": "101"}, "leakage_percentage"),
        ({"leakage_percentage": "-1"}, "leakage_percentage"),
        ({"avg_booking_value": "-1"}, "avg_booking_value"),
        ({"avg_booking_value": "0"}, "avg_booking_value"),
        ({"avg_booking_value": "NaN"}, "avg_booking_value"),
        ({"bookings_per_day": "1000001"}, "bookings_per_day"),
        ({"integration": "expedia"}, "integration"),
        ({"currency": "XYZ"}, "currency"),
        ({"reason": ""}, "reason"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"method": "by_luck"}, "method"),
    ],
)
def test_wrong_fields_are_marked(changes, field):
    filled = AssumptionForm(form(**changes))

    assert not filled.is_valid()
    assert list(filled.errors) == [field]


def test_a_day_out_of_range_or_taken_is_refused_on_the_page(admin):
    day = (timezone.now().date() - timedelta(days=30)).isoformat()
    far = admin.post(ADD, form(valid_from="1999-01-01"))
    assert "figures reach no further" in far.content.decode()
    page = admin.post(ADD, form(valid_from=day))
    admin.post(ADD, form(valid_from=day, previewed=previewed(page)))
    changed = form(valid_from=day, avg_booking_value="310")
    again = admin.post(ADD, changed)

    refused = admin.post(ADD, changed | {"previewed": previewed(again)})

    assert "already has a version valid from" in refused.content.decode()
    assert RevenueAssumption.objects.count() == 1

    replacing = changed | {"replace": "on"}
    shown = admin.post(ADD, replacing)
    admin.post(ADD, replacing | {"previewed": previewed(shown)})

    assert RevenueAssumption.objects.count() == 2
    assert RevenueAssumption.objects.in_force().count() == 1


def test_the_form_starts_from_what_is_in_force_and_that_is_audited(admin):
    now = timezone.now()
    set_assumption("airbnb", values("300.00", "0.065"), Authorship(None, "", now))

    text = admin.get(ADD, {"integration": "airbnb"}).content.decode()

    assert 'value="300.00"' in text
    assert 'value="6.5"' in text
    assert AuditEntry.objects.filter(
        action="revenue.configuration_opened", actor_name="ada", reason="admin form"
    ).exists()


def test_the_list_opens_nothing_and_one_version_is_audited(admin):
    row = set_assumption(
        "airbnb", values("287.31", "0.065"), Authorship(None, "", timezone.now())
    )

    listed = admin.get(LIST).content.decode()
    assert "Airbnb" in listed
    assert "287.31" not in listed

    shown = admin.get(f"{LIST}{row.pk}/change/").content.decode()
    assert "$287.31" in shown
    assert "6.50 %" in shown
    assert AuditEntry.objects.filter(reason=f"admin {row.pk}").exists()


def test_a_version_that_does_not_open_is_said_so(admin, settings):
    row = set_assumption(
        "airbnb", values("287.31"), Authorship(None, "", timezone.now())
    )
    RevenueAssumption.objects.filter(pk=row.pk).update(sealed=bytes(row.sealed)[:40])

    page = admin.get(f"{LIST}{row.pk}/change/", follow=True)

    assert f"Assumption version {row.pk} does not open" in page.content.decode()


def test_nothing_is_edited_or_deleted(admin):
    row = set_assumption(
        "airbnb", values("287.31"), Authorship(None, "", timezone.now())
    )

    assert admin.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin.post(f"{LIST}{row.pk}/change/", {"currency": "EUR"}).status_code == 403
    assert RevenueAssumption.objects.get().currency == "USD"


@pytest.mark.parametrize("rights", [["use_admin"], ["use_admin", "view_money"]])
@pytest.mark.parametrize("path", [LIST, ADD])
def test_only_those_who_configure_may_look(rights, path):
    assert client_with(*rights).get(path).status_code == 403


@pytest.mark.parametrize(
    ("changes", "english", "portuguese"),
    [
        (
            {"avg_booking_value": "0"},
            "Must be above 0, up to 1,000,000.",
            "Deve ser maior que 0, até 1.000.000.",
        ),
        (
            {"avg_booking_value": "1.001"},
            "At most 2 decimals.",
            "No máximo 2 casas decimais.",
        ),
        (
            {"bookings_per_day": "1000001"},
            "Must be from 0 to 1,000,000.",
            "Deve ser de 0 a 1.000.000.",
        ),
        (
            {"bookings_per_day": "0.001"},
            "At most 2 decimals.",
            "No máximo 2 casas decimais.",
        ),
    ],
)
def test_a_value_out_of_range_is_told_in_the_reader_s_language(
    changes, english, portuguese
):
    said = []
    for language in ("en", "pt-br"):
        with translation.override(language):
            wrong = AssumptionForm(form(**changes)).errors
            said.append({name: list(texts) for name, texts in wrong.items()})

    (field,) = changes
    assert said == [{field: [english]}, {field: [portuguese]}]
