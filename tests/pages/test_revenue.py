"""The revenue page: one figure is the same to the cent wherever it stands."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.pages.world import all_healthy, assume, check, fail, text_of

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/revenue/impact"


@pytest.fixture
def losses(db):
    all_healthy()
    check("vrbo", booking_loss_rate=Decimal("0.0123"), error_rate=Decimal("0.01"))
    assume("airbnb", value="313.37", leakage="0.0333")
    assume("vrbo", value="271.83", leakage="0.0777")
    fail("airbnb", 5)
    fail("airbnb", 3, event_type="fee_sync_error", message="fees")
    fail("vrbo", 7, message="rates")
    fail("vrbo", 2, event_type="api_error", message="timeout")


def amounts(html):
    """Return the machine values of all amounts in a piece of markup."""
    return [Decimal(value) for value in re.findall(r'<data value="([\d.]+)"', html)]


def part(html, start, end):
    return html.split(start, 1)[1].split(end, 1)[0]


def test_card_table_chart_explanation_and_api_agree_to_the_cent(
    lead, losses, monkeypatch
):
    now = timezone.now()  # one moment for all: what is at risk today grows with it
    monkeypatch.setattr(timezone, "now", lambda: now)

    page = lead.get(PAGE).content.decode()
    overview = lead.get("/dashboard").content.decode()
    explained = lead.get(f"{PAGE}/explain/at-risk").content.decode()
    api = lead.get("/api/v1/revenue/impact?period=30d").json()

    card = amounts(part(page, 'aria-label="Revenue at risk"', "</section>"))[0]
    rows = amounts(part(page, "<tbody><tr data-href>", "</tbody>"))
    total = amounts(part(page, "<tfoot>", "</tfoot>"))[0]
    chart = part(page, '<details class="disclosure" id="at-risk-table">', "</table>")
    per_day = re.findall(r'</th><td class="num">\$([\d.,]+)</td>', chart)
    terms = amounts(part(explained, "<tbody>", "</tbody>"))
    first = amounts(part(overview, 'aria-label="Revenue at risk"', "</section>"))[0]

    assert card > 0
    assert {
        "total": total,
        "rows": sum(rows[::2]),  # impact and share take turns
        "chart": sum(Decimal(day.replace(",", "")) for day in per_day),
        "terms": sum(terms),
        "overview": first,
        "api": Decimal(str(api["revenueAtRisk"]["value"])),
    } == dict.fromkeys(["total", "rows", "chart", "terms", "overview", "api"], card)


def test_the_page_answers_first_and_says_what_is_left_out(lead, losses):
    page = text_of(lead.get(PAGE))

    assert "at risk in the last 30 days" in page
    assert "2 failures of kinds without a price are only counted." in page
    assert "Airbnb $313.37 3.3 % 40" in page
    assert "HMBN default $250.00" in page


def test_the_page_can_be_cut_to_one_integration(lead, losses):
    page = text_of(lead.get(f"{PAGE}?integration=airbnb"))

    assert "Vrbo Pricing" not in page
    assert "Airbnb Pricing sync errors" in page


def test_nothing_at_risk_is_said_calmly(lead):
    all_healthy()
    assume("airbnb")

    page = text_of(lead.get(PAGE))

    assert "Nothing at risk in the last 30 days." in page
    assert "Nothing put revenue at risk in 30 days." in page


def test_a_period_without_data_is_not_called_calm(lead):
    page = text_of(lead.get(PAGE))

    assert "No data in the last 30 days: what was at risk is unknown." in page
    assert "Revenue at risk Explain Revenue at risk — no value No data in" in page
    assert "No data in 30 days: what was at risk is unknown." in page


def test_unknown_protected_revenue_is_not_invented(lead):
    all_healthy()

    page = text_of(lead.get(PAGE))

    assert "Revenue protected Explain Revenue protected — no value" in page
    assert "Unknown: bookings per day are not set" in page


@pytest.mark.parametrize("which", ["at-risk", "protected"])
def test_an_explanation_is_a_page_and_a_panel(lead, losses, which):
    address = f"{PAGE}/explain/{which}?period=7d"

    page = lead.get(address).content.decode()
    panel = lead.get(address, headers={"HX-Target": "panel"}).content.decode()

    assert "<html" in page
    assert "<html" not in panel
    assert part(page, "<tbody>", "</tbody>") == part(panel, "<tbody>", "</tbody>")
    assert "/api/v1/revenue/impact?period=7d&amp;explain=1" in panel


def test_the_json_of_an_explanation_is_really_there(lead, losses):
    answer = lead.get("/api/v1/revenue/impact?period=7d&explain=1").json()

    terms = answer["explain"]["revenueAtRisk"]["terms"]
    assert (
        round(sum(term["amount"] for term in terms), 2)
        == (answer["revenueAtRisk"]["value"])
    )


@pytest.mark.parametrize(
    "name", ["revenue-impact", "revenue-explain-at-risk", "revenue-explain-protected"]
)
def test_without_the_right_the_pages_say_who_can_give_it(engineer, name):
    response = engineer.get(reverse(name))

    assert response.status_code == 403
    assert "An administrator can give you that role." in response.content.decode()


def test_unknown_values_correct_the_address(lead):
    response = lead.get(f"{PAGE}?period=90d&integration=nowhere")

    assert response["Location"] == f"{PAGE}?period=90d"


def test_exports_follow_the_address(lead, losses):
    page = lead.get(f"{PAGE}?period=7d&integration=vrbo").content.decode()

    assert f'href="{PAGE}/export/csv?period=7d&amp;integration=vrbo"' in page


@pytest.mark.parametrize(
    ("sort", "channels"),
    [
        ("", ["Vrbo", "Airbnb", "HMBN"]),
        ("?sort=impact", ["HMBN", "Airbnb", "Vrbo"]),
        ("?sort=integration", ["Airbnb", "HMBN", "Vrbo"]),
        ("?sort=-integration", ["Vrbo", "HMBN", "Airbnb"]),
    ],
)
def test_the_breakdown_is_sorted_as_asked(lead, sort, channels):
    for slug, count in (("airbnb", 2), ("vrbo", 3), ("hmbn", 1)):
        assume(slug)
        fail(slug, count, ago=timedelta(minutes=30))

    page = lead.get(f"{PAGE}{sort}").content.decode()

    table = page.split('id="breakdown-heading"')[1].split("</table>")[0]
    assert re.findall(r"<th scope=\"row\"><a[^>]+>([^<]+)<", table) == channels
    assert table.count("aria-sort=") == 1


def test_an_unknown_order_of_the_breakdown_leaves_the_address(lead):
    response = lead.get(f"{PAGE}?period=7d&sort=secret")

    assert (response.status_code, response["Location"]) == (302, f"{PAGE}?period=7d")
