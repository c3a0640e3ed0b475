"""What our one script adds: refresh, crosshair, theme, keys."""

import pytest
from playwright.sync_api import expect


def test_refresh_by_key_keeps_what_is_open(visit):
    page = visit("/dashboard")
    page.get_by_text("Show as table").first.click()
    opened = page.locator("#live details[open]")
    identity = opened.get_attribute("id")
    page.evaluate("document.querySelector('.lead').textContent = 'old'")

    with page.expect_response("**/dashboard") as answered:
        page.keyboard.press("r")
    assert answered.value.request.headers["hx-target"] == "live"
    expect(page.locator("#live .lead")).not_to_have_text("old")

    assert page.locator("#live details[open]").get_attribute("id") == identity


def test_refresh_pauses_while_someone_is_busy_and_says_so(visit):
    page = visit("/dashboard/correlation/test-integration")
    page.get_by_label("Test", exact=True).focus()

    page.evaluate("Date.now = (now => () => now() + 61000)(Date.now)")

    page.locator("[data-paused]").wait_for(state="visible")
    page.get_by_label("Test", exact=True).blur()
    with page.expect_response("**/dashboard/correlation/test-integration*"):
        pass


def test_the_crosshair_is_read_by_arrow_keys_on_all_charts_of_a_page(visit):
    page = visit("/dashboard")
    first, second = page.locator("[data-chart]").all()

    first.focus()
    last_day = first.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowLeft")

    before = first.get_attribute("aria-valuetext")
    assert before != last_day
    assert "At risk $" in before
    assert page.locator("[data-readout]").first.inner_text() == before
    assert second.get_attribute("aria-valuenow") == first.get_attribute("aria-valuenow")
    assert page.locator(".cross").count() == 2
    page.keyboard.press("Home")
    assert first.get_attribute("aria-valuenow") == "1"
    first.blur()
    assert page.locator(".cross").count() == 0


def test_the_crosshair_follows_the_pointer(visit):
    page = visit("/dashboard")

    page.locator(".chart-plot").first.hover()

    assert "At risk" in page.locator("[data-readout]").first.inner_text()


def test_the_theme_is_remembered(visit):
    page = visit("/dashboard", who="viewer")
    ground = "getComputedStyle(document.body).backgroundColor"

    for theme, colour in (("Dark", "rgb(17, 17, 19)"), ("Light", "rgb(250, 250, 250)")):
        page.locator(".bar .menu summary").last.click()
        page.get_by_role("button", name=theme).click()
        page.wait_for_load_state()
        assert page.evaluate(ground) == colour


def test_periods_by_number_and_help_by_question_mark(visit):
    page = visit("/dashboard")

    page.keyboard.press("1")
    page.wait_for_url("**period=7d")
    page.keyboard.press("?")
    assert page.locator("#keys[open] h2").inner_text() == "Keyboard shortcuts"
    page.keyboard.press("Escape")
    assert page.locator("#keys[open]").count() == 0


def test_keys_are_off_while_typing(visit):
    page = visit("/dashboard/correlation/test-integration")

    page.get_by_label("Test", exact=True).press_sequentially("1gr")

    assert page.get_by_label("Test", exact=True).input_value() == "1gr"
    assert "period" not in page.url


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_menus_open_by_key_and_close_by_escape(visit, key):
    page = visit("/dashboard")
    summary = page.locator(".bar .menu summary").last

    summary.focus()
    page.keyboard.press(key)
    assert page.get_by_role("button", name="Sign out").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Sign out").is_visible()
    assert summary.evaluate("e => e === document.activeElement")


def test_filters_swap_the_live_part_and_the_period_keeps_them(visit):
    page = visit("/dashboard/correlation/test-integration")
    page.evaluate("window.stayed = true")

    page.get_by_label("Minimum score").fill("0")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**min_score=0**")
    page.get_by_role("link", name="90 days").wait_for()

    assert page.evaluate("window.stayed")
    page.get_by_role("link", name="90 days").click()
    page.wait_for_url("**period=90d**")
    assert "min_score=0" in page.url
    assert page.get_by_label("Minimum score").input_value() == "0"


def test_a_refresh_that_fails_says_so_and_keeps_the_page(visit):
    page = visit("/dashboard", watched=False)
    sentence = page.locator(".lead").inner_text()
    page.route("**/dashboard", lambda route: route.abort())

    page.keyboard.press("r")

    page.locator("[data-failed]").wait_for(state="visible")
    assert page.locator(".lead").inner_text() == sentence


def test_a_refresh_after_the_session_ended_leads_to_the_sign_in(visit):
    page = visit("/dashboard")
    page.context.clear_cookies()

    page.keyboard.press("r")

    page.wait_for_url("**/sign-in**")
    assert page.get_by_label("Password").is_visible()


def test_a_quick_page_never_shows_bars(visit):
    page = visit("/dashboard")
    page.evaluate(
        """() => { window.barred = false; new MutationObserver(() => {
            window.barred ||= document.querySelector('#live.loading') !== null;
        }).observe(document.body, {subtree: true, attributes: true}); }"""
    )

    with page.expect_response("**/dashboard"):
        page.keyboard.press("r")

    assert not page.evaluate("window.barred")


def test_a_message_leaves_once_read_unless_it_is_held(visit):
    page = visit("/dashboard/alerts?state=all", who="admin")
    page.get_by_role("button", name="8 h").first.click()
    message = page.locator(".messages .message")
    message.wait_for()

    assert "Snoozed." in page.locator("#announcer").inner_text()
    message.get_by_role("button", name="Undo").focus()
    page.locator("[data-stays]").evaluate("e => { e.dataset.stays = 0 }")
    page.wait_for_timeout(1500)
    assert message.is_visible()

    page.locator("#main").focus()
    message.wait_for(state="detached")


def test_undo_by_keyboard_brings_an_alert_back(visit):
    page = visit("/dashboard/alerts?state=all", who="admin")
    before = page.locator(".alert").first.inner_text()
    page.get_by_role("button", name="Dismiss").first.click()
    page.get_by_role("button", name="Undo").focus()

    page.keyboard.press("Enter")

    page.get_by_text("Undone: the alert is back as it was.").first.wait_for()
    page.goto(page.url.split("?")[0] + "?state=all")
    assert page.locator(".alert").first.inner_text() == before
