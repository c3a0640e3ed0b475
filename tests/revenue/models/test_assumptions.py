"""The table of assumptions keeps its promises, and its values to itself."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from qa_observability.lib.crypto import key_id_of
from revenue.errors import AssumptionUnreadable
from revenue.models import RevenueAssumption
from tests.revenue.builders import values

pytestmark = pytest.mark.django_db

JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)
NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)


def stored(
    integration_id=None, valid_from=JAN, given=None, currency="USD", **columns
) -> RevenueAssumption:
    row = RevenueAssumption(
        integration_id=integration_id,
        valid_from=valid_from,
        currency=currency,
        actor="ada",
        created_at=NOW,
        **columns,
    )
    row.set_values(given or values("280.00", "0.06"))
    row.save(force_insert=True)
    return row


def test_values_come_back_as_they_were_sealed():
    given = values("280.00", "0.06", "12.5")
    stored("airbnb", JAN, given)

    assert RevenueAssumption.objects.get().values() == given


def test_the_row_in_the_database_shows_no_value():
    stored("airbnb", JAN, values("281.37"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT revenue_assumptions::text FROM revenue_assumptions")
        (text,) = cursor.fetchone()

    assert b"281.37".hex() not in text
    assert "281.37" not in text


def test_the_history_holds_what_is_in_force(django_assert_num_queries):
    stored(None, JAN, values("240.00"))
    stored("airbnb", JAN, values("999.00"), superseded_at=NOW)
    stored("airbnb", JAN, values("300.00"))

    with django_assert_num_queries(1):
        history = RevenueAssumption.objects.history()

    assert history.on("airbnb", JAN).avg_booking_value == Decimal("300.00")
    assert history.on("vrbo", FEB).avg_booking_value == Decimal("240.00")


@pytest.mark.parametrize(
    "moved",
    [
        {"integration_id": "vrbo"},
        {"integration_id": None},
        {"valid_from": FEB},
    ],
)
def test_a_payload_moved_to_another_row_does_not_open(moved):
    row = stored("airbnb", JAN)
    RevenueAssumption.objects.filter(pk=row.pk).update(**moved)

    with pytest.raises(AssumptionUnreadable, match=f"{row.pk} does not open: it was"):
        RevenueAssumption.objects.history()


def test_two_swapped_payloads_do_not_open():
    one, other = stored("airbnb", JAN), stored("vrbo", JAN)
    RevenueAssumption.objects.filter(pk=one.pk).update(sealed=bytes(other.sealed))

    with pytest.raises(AssumptionUnreadable, match="changed or moved"):
        RevenueAssumption.objects.get(pk=one.pk).values()


def test_a_truncated_payload_does_not_open():
    row = stored("airbnb", JAN)
    row.sealed = bytes(row.sealed)[:34]

    with pytest.raises(AssumptionUnreadable, match="does not open"):
        row.values()


def test_a_missing_key_is_named_with_the_cure(settings):
    row = stored("airbnb", JAN)
    settings.REVENUE_KEYS = "next:" + "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY="

    with pytest.raises(AssumptionUnreadable) as refusal:
        RevenueAssumption.objects.get(pk=row.pk).values()

    assert refusal.value.detail == (
        f"Assumption version {row.pk} does not open: it was sealed with key 'test', "
        "which is not given. Put the key that sealed it back into REVENUE_KEYS, or "
        "restore the row."
    )


def test_the_newest_key_seals(settings):
    settings.REVENUE_KEYS = (
        "next:MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=," + settings.REVENUE_KEYS
    )

    assert key_id_of(bytes(stored("airbnb").sealed)) == "next"


@pytest.mark.parametrize("integration_id", ["airbnb", None])
def test_one_version_in_force_per_integration_and_day(integration_id):
    stored(integration_id, JAN)

    with pytest.raises(IntegrityError, match="one_assumption_in_force"):
        stored(integration_id, JAN)


def test_a_replaced_version_may_share_its_day():
    stored("airbnb", JAN, superseded_at=NOW)
    stored("airbnb", JAN, superseded_at=NOW)
    stored("airbnb", JAN)

    assert RevenueAssumption.objects.in_force().count() == 1


@pytest.mark.parametrize("currency", ["usd", "US", "U5D"])
def test_a_currency_is_three_capital_letters(currency):
    with pytest.raises(IntegrityError, match="assumption_currency_is_three_letters"):
        stored(currency=currency)


def test_an_unsealed_row_is_refused():
    row = RevenueAssumption(
        valid_from=JAN, currency="USD", sealed=b"{}", actor="ada", created_at=NOW
    )

    with pytest.raises(IntegrityError, match="assumption_is_sealed"):
        row.save(force_insert=True)


def test_a_version_is_not_replaced_before_it_was_written():
    with pytest.raises(IntegrityError, match="replaced_after_it_was_written"):
        stored(superseded_at=NOW - timedelta(seconds=1))


def test_history_reads_newest_first():
    first = stored("airbnb", JAN, superseded_at=NOW)
    second = stored("airbnb", JAN)
    third = stored("airbnb", FEB)

    assert list(RevenueAssumption.objects.newest_first()) == [third, second, first]
