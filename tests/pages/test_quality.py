"""Data quality: what is thin, where to mend it, and that good data is said to be good."""

from datetime import timedelta
from uuid import uuid4

import pytest

from integration_health.enums import BatchState
from integration_health.models import ImportBatch, Integration
from tests.pages.test_exports import rows_of, table
from tests.pages.world import CHANNELS, HEALTHY, all_healthy, assume, check, text_of

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/data-quality"
UPLOAD = 'href="/admin/integration_health/importbatch/upload/"'
ENTER = 'href="/admin/integration_health/integrationhealth/enter/"'
OTHER_KEY = "other:" + "YW5vdGhlciBrZXkgb2YgMzIgYnl0ZXMsIHJlYWxseSE="


def covered(slugs=CHANNELS):
    """Check channels once a day, through all of the last seven days."""
    for slug in slugs:
        for days in range(8):
            check(slug, ago=timedelta(days=days, minutes=5), **HEALTHY)


def main_of(response):
    """Return the markup of the page's own part."""
    return response.content.decode().split("<main")[1].split("</main>")[0]


def test_before_any_data_the_page_offers_the_first_steps(engineer):
    response = engineer.get(PAGE)

    page = text_of(response)
    assert "Nothing has come in yet" in page
    assert "The data of 4 of 4 channels is thin" in page
    assert page.count("No check has ever come in.") == 4
    assert UPLOAD in main_of(response)


def test_good_data_is_said_to_be_good(viewer):
    covered()

    page = text_of(viewer.get(f"{PAGE}?period=7d"))

    assert "The data of all 4 channels is fresh and complete." in page
    assert "Coverage of all channels: 100.0 %" in page
    assert page.count("Pushed by API Nothing.") == 4
    assert "No import of 7 days was cut." in page


def test_thin_data_is_told_with_what_to_do(engineer):
    covered([slug for slug in CHANNELS if slug != "vrbo"])
    Integration.objects.filter(pk="vrbo").update(expected_interval=timedelta(hours=1))
    check("vrbo", ago=timedelta(hours=5), source="manual", **HEALTHY)

    response = engineer.get(f"{PAGE}?period=7d")

    page = text_of(response)
    row = main_of(response).split('<tr id="channel-vrbo">')[1].split("</tr>")[0]
    assert "The data of 1 of 4 channels is thin: Vrbo." in page
    assert "Last data 5 h ago, expected every 1 h." in page
    assert "Entered by hand only: nobody measures it." in page
    assert (ENTER in row, UPLOAD in row) == (True, True)


def test_viewers_are_told_what_to_do_without_doors_they_may_not_open(viewer):
    page = main_of(viewer.get(PAGE))

    assert "Import an export that covers it, or send checks by API." in page
    assert (ENTER in page, UPLOAD in page) == (False, False)


def test_a_cut_import_is_listed_and_leads_to_its_page(viewer):
    covered()
    batch = ImportBatch.objects.create(
        kind="raw_events",
        file_name="cut.csv",
        state=BatchState.COMMITTED,
        truncated=True,
        content_hash=uuid4().hex,
    )

    response = viewer.get(f"{PAGE}?period=7d")

    assert "1 import holds less than there was." in text_of(response)
    assert "cut.csv — no value The search was cut at a round number" in (
        text_of(response)
    )
    assert f'href="/dashboard/imports/{batch.pk}"' in main_of(response)


def test_defaults_are_named_for_those_who_see_money(lead, viewer):
    covered()
    for slug in CHANNELS[:2]:
        assume(slug)
    assume("vrbo", bookings=None)

    page, without = text_of(lead.get(PAGE)), text_of(viewer.get(PAGE))

    told = page.split("What nobody said")[1]
    assert told.startswith(
        " Vrbo Without bookings a day nobody can say what was protected. "
        "HMBN Nothing was said of it: the built-in values are used. "
        "Without bookings a day nobody can say what was protected."
    )
    assert "Money that rests on defaults" not in without


def test_without_defaults_that_is_said(lead):
    covered()
    for slug in CHANNELS:
        assume(slug)

    assert "Every channel has assumptions of its own." in text_of(lead.get(PAGE))


def test_without_the_key_only_the_part_about_money_is_missing(lead, settings):
    covered()
    assume("airbnb")
    settings.REVENUE_KEYS = OTHER_KEY

    page = text_of(lead.get(f"{PAGE}?period=7d"))

    assert "The data of all 4 channels is fresh and complete." in page
    assert "Money that rests on defaults" not in page
    assert "Retry" in page


def test_what_is_thin_leaves_as_csv_money_by_right(lead, viewer):
    covered(CHANNELS[:3])
    for slug in CHANNELS[:3]:
        assume(slug)

    rows = rows_of(lead.get(f"{PAGE}/export/csv?period=7d"))
    without = rows_of(viewer.get(f"{PAGE}/export/csv?period=7d"))

    _heads, channels = table(rows, "By integration")
    assert [(row[0], row[2], row[3]) for row in channels] == [
        ("Booking.com", "1.0000", "0"),
        ("Airbnb", "1.0000", "0"),
        ("Vrbo", "1.0000", "0"),
        ("HMBN", "0.0000", "7"),
    ]
    assert table(rows, "What is thin, and what to do")[1] == [
        [
            "HMBN",
            "No check has ever come in.",
            "Import an export that covers it, or send checks by API.",
        ]
    ]
    assert table(rows, "Money that rests on defaults")[1][0][0] == "HMBN"
    assert ["Money that rests on defaults"] not in without


def test_the_notes_of_every_page_lead_to_their_line(lead):
    for slug in CHANNELS[:3]:
        check(slug, **HEALTHY)
    check("hmbn", ago=timedelta(hours=3), source="manual", **HEALTHY)
    Integration.objects.filter(pk="hmbn").update(expected_interval=timedelta(hours=1))
    Integration.objects.create(slug="new", name="New")

    notes = lead.get("/dashboard?period=7d").content.decode()
    notes = notes.split('class="strip-notes"')[1].split("</aside>")[0]
    page = lead.get(f"{PAGE}?period=7d").content.decode()

    leads = [part.split('"')[0] for part in notes.split('href="')[1:]]
    assert leads == [
        f"{PAGE}?period=7d#channel-new",
        f"{PAGE}?period=7d#channel-hmbn",
        f"{PAGE}?period=7d#defaults",
    ]
    for lead_on in leads:
        assert f'id="{lead_on.split("#")[1]}"' in page


def test_an_unknown_period_corrects_the_address(viewer):
    assert viewer.get(f"{PAGE}?period=2w")["Location"] == PAGE


def test_without_any_integration_that_is_said(viewer):
    Integration.objects.update(enabled=False)

    assert "No integration is watched." in text_of(viewer.get(PAGE))


@pytest.mark.parametrize("channels", [4, 20])
def test_queries_do_not_grow_with_channels(
    lead, channels, django_assert_max_num_queries
):
    all_healthy()
    for number in range(channels - len(CHANNELS)):
        Integration.objects.create(slug=f"more-{number}", name=f"More {number}")
        check(f"more-{number}", **HEALTHY)

    with django_assert_max_num_queries(30):
        lead.get(PAGE)
