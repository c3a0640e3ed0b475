"""An incident's page in a browser: looks, keys, and forms without scripts."""

import pytest

from tests.browser.conftest import ARTIFACTS
from tests.browser.test_looks import LOOKS, WIDTH, findings

INBOX = "/dashboard/incidents"
OPEN_ALL = "document.querySelectorAll('details').forEach(e => { e.open = true })"


def open_first(page):
    page.locator("#open tbody a").first.click()
    page.get_by_role("heading", level=1, name="incident").wait_for()
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_even_with_every_form_open(visit, theme):
    page = open_first(visit(INBOX, color_scheme=theme))

    page.evaluate(OPEN_ALL)

    assert page.get_by_label("Why is it over?").is_visible()
    assert findings(page) == []


@pytest.mark.parametrize("width", [320, 768])
def test_narrow_screens_need_no_sideways_scrolling(visit, width):
    page = visit(INBOX, width=width)
    assert page.evaluate(WIDTH) == width

    open_first(page)
    page.evaluate(OPEN_ALL)

    assert page.evaluate(WIDTH) == width


@pytest.mark.parametrize("path", [INBOX, "/dashboard/correlation/blind-spots"])
def test_paper_holds_the_whole_width(visit, path):
    page = visit(path, width=718)
    page.emulate_media(media="print")

    assert page.evaluate(WIDTH) == 718


def test_pictures_are_kept_to_look_at(visit):
    ARTIFACTS.mkdir(exist_ok=True)
    page = open_first(visit(INBOX))
    for theme, label, width in LOOKS:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        path = ARTIFACTS / f"incident-{theme}-{label}.png"
        page.screenshot(path=path, full_page=True)
        assert page.evaluate(WIDTH) == width


def test_g_i_leads_to_the_inbox_and_a_click_sorts_in_place(visit):
    page = visit("/dashboard")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url(f"**{INBOX}")

    page.get_by_role("link", name="Started").first.click()
    page.wait_for_url("**sort=-started*")

    head = page.locator("#open th[aria-sort]")
    assert (head.count(), head.get_attribute("aria-sort")) == (1, "descending")
    assert page.evaluate("document.activeElement.id") == "sort-started"


def test_cost_is_explained_in_a_panel(visit):
    page = open_first(visit(INBOX))

    page.locator("[data-explain]").first.click()
    page.locator("#panel[open]").wait_for()

    words = page.locator("#panel").inner_text()
    assert "Cost of an incident on Booking.com, explained" in words
    assert findings(page) == []


def test_notes_are_added_without_scripts(visit):
    page = open_first(visit(INBOX, java_script_enabled=False))

    page.get_by_label("Note (required)").fill("Asked the channel's support")
    page.get_by_role("button", name="Add the note").click()

    assert page.get_by_text("Your note is on the timeline.").is_visible()
    assert (
        page.locator(".timeline-list").get_by_text("Asked the channel's").is_visible()
    )
