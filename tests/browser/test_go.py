"""Go to anything, the session's end, slow work, and one line of a chart on a phone."""

import re
from pathlib import Path

import django_htmx
from playwright.sync_api import expect

from qa_observability.web.sessions import WARNED_BEFORE

MOST_SCRIPT = 150_000
LATER = "Date.now = (now => () => now() + {})(Date.now)"


def open_places(page):
    """Open the list of places and wait until typing goes there."""
    page.keyboard.press("Control+k")
    panel = page.locator("#panel[open]")
    expect(panel.get_by_role("searchbox")).to_be_focused()
    expect(panel).not_to_have_class(re.compile("htmx-settling"))
    return panel


def test_our_script_and_htmx_stay_under_150_kilobytes():
    static = Path("qa_observability/static/qa/qa.js")
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"

    assert static.stat().st_size + htmx.stat().st_size <= MOST_SCRIPT


def test_a_page_loads_no_other_script(visit):
    page = visit("/dashboard")

    sources = page.locator("script").evaluate_all("all => all.map(e => e.src)")
    assert [re.sub(r".*/static/", "", source) for source in sources] == [
        "django_htmx/htmx-2.min.js",
        "qa/qa.js",
    ]


def test_control_k_goes_anywhere_by_typing_a_part_of_its_name(visit):
    page = visit("/dashboard")

    panel = open_places(page)
    page.keyboard.type("airb")
    expect(panel.get_by_role("link", name="Overview")).to_have_count(0)
    page.keyboard.press("Enter")

    page.wait_for_url("**/dashboard/integrations/airbnb")


def test_enter_waits_for_the_places_of_what_was_typed(visit):
    page = visit("/dashboard")
    open_places(page)

    page.keyboard.type("tests and")
    page.keyboard.press("Enter")

    page.wait_for_url("**/dashboard/correlation/test-integration")


def test_arrows_walk_the_places_and_escape_returns(visit):
    page = visit("/dashboard")
    panel = open_places(page)

    page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("link", name="Overview")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(panel.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_without_a_script_it_is_a_page_with_a_button(visit):
    page = visit("/dashboard", java_script_enabled=False)

    page.get_by_role("link", name="Go to").click()
    page.get_by_role("searchbox").fill("vrbo")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Vrbo", exact=True).last.click()

    assert page.locator("h1").inner_text() == "Vrbo"


def test_keys_can_be_switched_off_but_not_the_list_of_places(visit):
    page = visit("/preferences", who="viewer")
    page.get_by_role("checkbox", name="Single-key shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    page.goto(page.url.replace("/preferences", "/dashboard"))

    page.keyboard.press("1")
    page.keyboard.press("?")
    assert "period" not in page.url
    assert page.locator("#keys[open]").count() == 0
    open_places(page)

    page.goto(page.url.replace("/dashboard", "/preferences"))
    page.get_by_role("checkbox", name="Single-key shortcuts").check()
    page.get_by_role("button", name="Save").click()


def test_the_session_s_end_is_announced_and_can_be_put_off(visit):
    page = visit("/dashboard")
    notice = page.get_by_text("You will be signed out at")
    left = int(page.locator("#session").get_attribute("data-left"))
    warned = int(WARNED_BEFORE.total_seconds())
    assert notice.is_hidden()

    page.evaluate(LATER.format((left - warned + 10) * 1000))
    expect(notice).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()

    expect(page.get_by_text("You will be signed out at")).to_be_hidden()
    expect(page.locator("#main")).to_be_focused()


def test_after_the_session_s_end_the_page_says_so(visit):
    page = visit("/dashboard")
    left = int(page.locator("#session").get_attribute("data-left"))

    page.evaluate(LATER.format((left + 10) * 1000))

    expect(page.get_by_text("You have been signed out.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()


def test_slow_work_says_so_and_can_be_stopped(visit):
    page = visit("/dashboard", watched=False)
    page.clock.install()
    page.route("**/dashboard", lambda route: None)  # never answered
    sentence = page.locator(".lead").inner_text()

    page.keyboard.press("r")
    page.clock.run_for(4900)
    expect(page.get_by_text("Still working…")).to_be_hidden()
    page.clock.run_for(200)
    expect(page.get_by_text("Still working…")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_text("Still working…")).to_be_hidden()
    assert page.locator(".lead").inner_text() == sentence


def test_a_phone_shows_one_line_of_a_chart_with_a_switch(visit):
    page = visit("/dashboard", width=390, java_script_enabled=False)
    chart = page.locator(".figure").nth(1)
    lines = chart.locator(".chart-plot [data-line]")

    expect(lines.locator("visible=true")).to_have_count(1)
    chart.get_by_role("radio", name="Vrbo").check()
    shown = lines.locator("visible=true")
    expect(shown).to_have_count(1)
    assert shown.get_attribute("data-line") == str(
        chart.get_by_role("radio").evaluate_all(
            "all => all.findIndex(e => e.checked) + 1"
        )
    )


def test_wide_screens_and_paper_show_every_line(visit):
    page = visit("/dashboard")
    chart = page.locator(".figure").nth(1)

    expect(
        chart.locator(".chart-plot [data-line]").locator("visible=true")
    ).to_have_count(4)
    expect(chart.locator(".series-switch")).to_be_hidden()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})
    expect(
        chart.locator(".chart-plot [data-line]").locator("visible=true")
    ).to_have_count(4)


def test_x_opens_the_exports_and_e_explains(visit):
    page = visit("/dashboard")

    page.keyboard.press("x")
    expect(page.get_by_role("link", name="CSV")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator("#panel[open]")).to_be_visible()


def test_the_side_bar_folds_by_key_and_stays_folded(visit):
    page = visit("/dashboard")
    wide = page.locator(".sidebar").bounding_box()["width"]

    page.keyboard.press("[")
    narrow = page.locator(".sidebar").bounding_box()["width"]
    page.reload()

    assert (wide, narrow) == (240, 64)
    assert page.locator(".sidebar").bounding_box()["width"] == 64
