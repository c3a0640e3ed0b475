"""The archive: listed, shown and downloaded as it was sent, to those who see money."""

import pytest

from qa_observability.lib.weeks import IsoWeek
from revenue.weekly.deliver import deliver_due
from revenue.weekly.pages import MOST_ROWS
from tests.pages.conftest import signed_in
from tests.pages.world import text_of
from tests.revenue.weekly.contents import (
    CONTENT,
    WRITTEN_AT,
    keep,
    keep_week,
    recipient,
)

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/reports"


def test_an_empty_archive_says_when_the_first_report_comes(lead):
    assert "No report yet. The first is written on Monday at 06:00" in text_of(
        lead.get(PAGE)
    )


def test_the_archive_lists_weeks_with_their_figures(lead):
    recipient("ada@example.com")
    keep(send=True)
    keep(sample=True)

    text = text_of(lead.get(PAGE))

    assert "2026-W47 version 2 Sample 16 Nov – 22 Nov 2026 ≈$1,137" in text
    assert "2026-W47 16 Nov – 22 Nov 2026 ≈$1,137" in text
    assert "0 1 waiting" in text


def test_older_reports_are_on_the_next_page(lead):
    week = IsoWeek(2026, 47)
    for _week in range(MOST_ROWS + 1):
        keep_week(week)
        week = week.previous()

    response = lead.get(PAGE)
    page = response.context["page"]
    older = lead.get(f"{PAGE}?page_key={page.next_key}").context["page"]

    assert (len(page.rows), len(older.rows), older.next_key) == (MOST_ROWS, 1, "")
    assert older.rows[0].week < page.rows[-1].week


@pytest.mark.parametrize("key", ["x", "2026-W47", "2026-W47v", "2026-W99v1", "v1"])
def test_a_key_nobody_gave_out_is_dropped(lead, key):
    response = lead.get(f"{PAGE}?page_key={key}")

    assert (response.status_code, response["Location"]) == (302, PAGE)


def test_a_report_shows_its_sheet_as_it_was_stored(lead):
    report = keep()

    response = lead.get(f"{PAGE}/2026-W47")

    assert report.html in response.content.decode()
    assert "Version 1, written by ada. Not mailed: nobody was to receive it." in (
        text_of(response)
    )


def test_the_newest_version_is_shown_and_the_others_linked(lead):
    keep(sentence="First."), keep(sentence="Second.")

    newest = text_of(lead.get(f"{PAGE}/2026-W47"))
    first = text_of(lead.get(f"{PAGE}/2026-W47?version=1"))

    assert ("Second." in newest, "First." in newest) == (True, False)
    assert ("Second." in first, "First." in first) == (False, True)
    assert "Versions of this week: 2 , 1" in first


def test_mails_are_counted_for_leads_and_named_for_administrators(lead):
    recipient("cfo@example.com")
    keep(send=True)
    deliver_due(WRITTEN_AT)
    admin = signed_in("Admin")

    for_lead = text_of(lead.get(f"{PAGE}/2026-W47"))
    for_admin = text_of(admin.get(f"{PAGE}/2026-W47"))

    assert "Mailed to 1 of 1 recipients." in for_lead
    assert "cfo@example.com" not in for_lead
    assert "cfo@example.com sent 1 – Mon 23 Nov 2026, 06:00 UTC" in for_admin


def test_the_file_is_the_one_that_was_sent(lead):
    first = keep()
    keep(sentence="Second.")

    response = lead.get(f"{PAGE}/2026-W47/pdf?version=1")

    assert response.content == bytes(first.pdf)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        'attachment; filename="qa-weekly-2026-W47-v1.pdf"'
    )
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/2026-W46", "/2026-W99", "/x", "/2026-W46/pdf"])
def test_a_week_without_report_is_not_found(lead, path):
    keep()

    assert lead.get(PAGE + path).status_code == 404


@pytest.mark.parametrize("version", ["0", "32768", "x", "１"])
def test_a_version_nobody_could_mean_is_dropped(lead, version):
    response = lead.get(f"{PAGE}/2026-W47", {"version": version})

    assert (response.status_code, response["Location"]) == (302, f"{PAGE}/2026-W47")


@pytest.mark.parametrize("path", ["", "/2026-W47", "/2026-W47/pdf"])
def test_without_the_right_to_money_nothing_is_told(viewer, path):
    keep()

    response = viewer.get(PAGE + path)

    assert response.status_code == 403
    assert CONTENT.sentence not in response.content.decode()


def test_the_navigation_offers_reports_to_those_who_see_money(lead, viewer):
    def offered(client):
        return client.get("/dashboard").content.decode().count(f'href="{PAGE}"')

    assert (offered(lead) > 0, offered(viewer)) == (True, 0)


@pytest.mark.parametrize("reports", [1, 3])
def test_a_report_costs_the_same_whatever_else_is_kept(
    reports, lead, django_assert_max_num_queries
):
    for _number in range(reports):
        keep()

    with django_assert_max_num_queries(15):
        lead.get(f"{PAGE}/2026-W47")
