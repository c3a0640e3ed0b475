"""Changes are new versions: sealed, audited, refused whole when anything is wrong."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from qa_observability.lib.crypto import key_id_of
from qa_observability.lib.errors import InvalidField
from qa_observability.models import AuditEntry
from revenue.configure import (
    Authorship,
    open_configuration,
    put_configuration,
    rotate_keys,
    set_assumption,
)
from revenue.domain.document import Configuration, ConfigurationChange
from revenue.errors import AssumptionUnreadable, CurrencyMixed, VersionExists
from revenue.models import RevenueAssumption
from tests.revenue.builders import values
from tests.revenue.domain.test_document import USERS

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
TODAY = NOW.date()
JAN = date(2026, 1, 1)
ONE_DAY = timedelta(days=1)
NEXT_KEY = "next:MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY="


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada")


def by(actor=None, reason="", now=NOW):
    return Authorship(actor, reason, now)


def held(integration_id, day=TODAY):
    return RevenueAssumption.objects.history().on(integration_id, day)


def trail():
    return list(
        AuditEntry.objects.order_by("at", "id").values_list("action", flat=True)
    )


def test_a_change_holds_from_today_and_leaves_the_past_alone(ada):
    set_assumption("airbnb", values("300.00", "0.07"), by(ada, "New season"))

    assert held("airbnb").avg_booking_value == Decimal("300.00")
    assert held("airbnb", TODAY - ONE_DAY).avg_booking_value == Decimal("250.00")
    row = RevenueAssumption.objects.get()
    assert (row.valid_from, row.actor, row.reason, row.currency) == (
        TODAY,
        "ada",
        "New season",
        "USD",
    )


def test_the_trail_says_who_and_why_but_never_the_values(ada):
    row = set_assumption("airbnb", values("287.31"), by(ada, "New season"))

    entry = AuditEntry.objects.get()
    assert (entry.actor_name, entry.action, entry.reason, entry.after) == (
        "ada",
        "revenue.assumption_set",
        "New season",
        {"integration": "airbnb", "valid_from": "2026-02-10", "currency": "USD"},
    )
    assert entry.target_id == str(row.pk)
    assert "287.31" not in str(vars(entry))


def test_the_same_values_again_write_nothing():
    set_assumption("airbnb", values("300.00"), by())

    assert set_assumption("airbnb", values("300.00"), by()) is None
    assert set_assumption("vrbo", values(), by()) is None
    assert RevenueAssumption.objects.count() == 1


def test_a_second_change_today_replaces_the_first_and_keeps_it():
    first = set_assumption("airbnb", values("300.00"), by())
    set_assumption("airbnb", values("310.00"), by(now=NOW + timedelta(hours=1)))

    assert held("airbnb").avg_booking_value == Decimal("310.00")
    first.refresh_from_db()
    assert first.superseded_at == NOW + timedelta(hours=1)
    assert first.values() == values("300.00")


def test_a_day_that_has_a_version_is_refused_unless_replaced():
    set_assumption("airbnb", values("300.00"), by(), valid_from=JAN)

    with pytest.raises(VersionExists, match="airbnb already has a version valid from"):
        set_assumption("airbnb", values("310.00"), by(), valid_from=JAN)

    assert held("airbnb").avg_booking_value == Decimal("300.00")

    set_assumption("airbnb", values("310.00"), by(), valid_from=JAN, replace=True)

    assert held("airbnb").avg_booking_value == Decimal("310.00")


def test_a_version_between_two_others_holds_until_the_next():
    set_assumption("airbnb", values("300.00"), by(), valid_from=JAN)
    set_assumption("airbnb", values("320.00"), by())
    set_assumption("airbnb", values("310.00"), by(), valid_from=JAN + 10 * ONE_DAY)

    assert [
        held("airbnb", day).avg_booking_value
        for day in (JAN, JAN + 10 * ONE_DAY, TODAY - ONE_DAY, TODAY)
    ] == [Decimal(300), Decimal(310), Decimal(310), Decimal(320)]


@pytest.mark.parametrize(
    ("offset", "accepted"), [(-762, False), (-761, True), (366, True), (367, False)]
)
def test_valid_from_lies_where_figures_can_be(offset, accepted):
    day = TODAY + timedelta(days=offset)

    if accepted:
        assert set_assumption("airbnb", values("1"), by(), valid_from=day)
    else:
        with pytest.raises(InvalidField) as refusal:
            set_assumption("airbnb", values("1"), by(), valid_from=day)
        assert refusal.value.errors[0].field == "valid_from"


def test_the_document_is_the_whole(ada):
    set_assumption("vrbo", values("999.00"), by(), valid_from=JAN)
    document = Configuration(values("240.00"), {"airbnb": values("300.00")})

    written = put_configuration(ConfigurationChange(document), by(ada))

    assert [(row.integration_id, row.values()) for row in written] == [
        (None, values("240.00")),
        ("airbnb", values("300.00")),
        ("vrbo", values()),
    ]
    assert held("vrbo").avg_booking_value == Decimal("240.00")
    assert held("vrbo", TODAY - ONE_DAY).avg_booking_value == Decimal("999.00")


def test_a_document_put_twice_writes_once():
    put_configuration(ConfigurationChange(USERS), by())

    assert put_configuration(ConfigurationChange(USERS), by()) == []
    assert RevenueAssumption.objects.count() == 5


@pytest.mark.parametrize(
    ("document", "error"),
    [
        pytest.param(
            Configuration(integrations={"airbnb": values("1"), "expedia": values("1")}),
            InvalidField,
            id="unknown integration",
        ),
        pytest.param(
            Configuration(values("1"), currency="EUR"), CurrencyMixed, id="currency"
        ),
    ],
)
def test_a_refused_document_changes_nothing(document, error):
    set_assumption("vrbo", values("200.00"), by())

    with pytest.raises(error):
        put_configuration(ConfigurationChange(document), by())

    assert RevenueAssumption.objects.count() == 1
    assert trail() == ["revenue.assumption_set"]


def test_a_version_that_exists_refuses_the_whole_document():
    set_assumption("vrbo", values("200.00"), by(), valid_from=JAN)
    document = Configuration(values("240.00"), {"vrbo": values("210.00")})

    with pytest.raises(VersionExists):
        put_configuration(ConfigurationChange(document, JAN), by())

    assert RevenueAssumption.objects.count() == 1


def test_an_unknown_integration_is_named_with_the_known_ones():
    with pytest.raises(InvalidField) as refusal:
        set_assumption("expedia", values("1"), by())

    (error,) = refusal.value.errors
    assert (error.field, error.code) == (
        "integrations.expedia",
        "unknown_integration",
    )
    assert "airbnb, booking-com, hmbn, vrbo" in error.detail


def test_the_first_version_chooses_the_currency():
    set_assumption(None, values("250.00"), by(), currency="BRL")
    set_assumption("airbnb", values("300.00"), by())

    assert set(RevenueAssumption.objects.values_list("currency", flat=True)) == {"BRL"}


def test_opening_returns_what_holds_that_day_and_is_audited(ada):
    put_configuration(ConfigurationChange(USERS, JAN), by())
    set_assumption("airbnb", values(), by())

    before = open_configuration(JAN, actor=ada, purpose="yaml")
    after = open_configuration(TODAY, actor=ada, purpose="api")

    assert before == Configuration(USERS.default, USERS.integrations, "USD")
    assert after == Configuration(
        USERS.default,
        {slug: said for slug, said in USERS.integrations.items() if slug != "airbnb"},
        "USD",
    )
    assert list(
        AuditEntry.objects.filter(action="revenue.configuration_opened")
        .order_by("at", "id")
        .values_list("actor_name", "reason")
    ) == [("ada", "yaml"), ("ada", "api")]


def test_opening_nothing_says_nothing():
    assert open_configuration(TODAY, actor=None, purpose="api") == Configuration(
        currency="USD"
    )


def test_rotation_seals_everything_anew_and_the_old_key_may_go(settings):
    put_configuration(ConfigurationChange(USERS, JAN), by())
    set_assumption("airbnb", values("310.00"), by())
    before = {row.pk: row.values() for row in RevenueAssumption.objects.all()}
    settings.REVENUE_KEYS = f"{NEXT_KEY},{settings.REVENUE_KEYS}"

    assert rotate_keys(None) == {"resealed": 6, "versions": 6}
    assert rotate_keys(None) == {"resealed": 0, "versions": 6}

    settings.REVENUE_KEYS = NEXT_KEY
    rows = RevenueAssumption.objects.all()
    assert {row.pk: row.values() for row in rows} == before
    assert {key_id_of(bytes(row.sealed)) for row in rows} == {"next"}


def test_rotation_changes_nothing_when_one_version_does_not_open(settings):
    set_assumption("airbnb", values("300.00"), by())
    broken = set_assumption("vrbo", values("200.00"), by())
    sealed = bytes(broken.sealed)[:-1] + b"x"
    RevenueAssumption.objects.filter(pk=broken.pk).update(sealed=sealed)
    settings.REVENUE_KEYS = f"{NEXT_KEY},{settings.REVENUE_KEYS}"

    with pytest.raises(AssumptionUnreadable):
        rotate_keys(None)

    assert {
        key_id_of(bytes(row.sealed)) for row in RevenueAssumption.objects.all()
    } == {"test"}
