"""The three journeys of the product, the last by keyboard alone."""

import re
from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.server import PASSWORD


def test_monitor_and_drill_down(visit):
    page = visit("/dashboard")
    sentence = page.locator(".lead").inner_text()
    worst = page.locator(".channel").first
    name = worst.locator(".channel-name").inner_text()
    assert name in sentence

    worst.click()
    assert page.locator("h1").inner_text() == name

    explain = page.get_by_role("link", name="Explain the status")
    explain.click()
    panel = page.locator("#panel[open]")
    assert f"Status of {name}, explained" in panel.inner_text()
    page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    assert explain.evaluate("link => link === document.activeElement")

    page.get_by_label("Severity").select_option("high")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**severity=high**")
    shown = page.locator(".events-table .severity")
    expect(shown.filter(has_not_text="High")).to_have_count(0)

    page.go_back()
    assert "severity=high" not in page.url
    expect(page.get_by_label("Severity")).to_have_value("")


def test_revenue_review_and_export(visit):
    page = visit("/dashboard")
    page.get_by_role("link", name="Revenue at risk", exact=True).click()
    page.get_by_role("link", name="90 days").click()
    page.wait_for_url("**period=90d")

    card = page.get_by_label("Revenue at risk", exact=True)
    figure = card.locator("data").first.get_attribute("value")
    card.get_by_role("link", name="Explain").click()
    panel = page.locator("#panel[open]")
    panel.wait_for()
    terms = panel.locator("tbody data").evaluate_all("all => all.map(e => e.value)")
    assert sum(map(Decimal, terms)) == Decimal(figure)
    panel.get_by_role("button", name="Close").click()

    page.locator("[data-export]").click()
    with page.expect_download() as started:
        page.locator(".menu").get_by_role("link", name="CSV").click()
    name = started.value.suggested_filename
    assert re.fullmatch(r"qa-revenue-impact-90d-\d{4}-\d\d-\d\d\.csv", name)
    assert figure in started.value.path().read_text("utf-8-sig").replace(",", "")


def test_from_correlation_to_action_by_keyboard(browser, sample):
    context = browser.new_context()
    page = context.new_page()
    press, type_in = page.keyboard.press, page.keyboard.type

    page.goto(f"{sample}/dashboard")
    page.wait_for_function("document.activeElement.name === 'username'")
    type_in("lead")
    press("Tab")
    type_in(PASSWORD)
    press("Enter")
    page.wait_for_url(re.compile(r"\d/dashboard$"))

    press("Tab")
    focused = "document.activeElement.textContent.trim()"
    assert page.evaluate(focused) == "Skip to content"

    press("g")
    press("t")
    page.wait_for_url("**/dashboard/correlation/test-integration")
    assert "shortly before a channel does" in page.locator(".lead").inner_text()

    press("j")
    first = page.evaluate(focused)
    press("Enter")
    panel = page.locator("#panel[open]")
    assert first in panel.inner_text()

    for _ in range(40):
        press("Tab")
        if page.evaluate(focused) == "Confirm":
            break
    press("Enter")
    page.wait_for_url("**/dashboard/correlation/test-integration/**")
    assert "your word is kept" in page.locator(".message").inner_text()
    assert page.get_by_text("confirmed", exact=True).count() == 1
    context.close()


def test_pages_work_without_scripts(visit):
    page = visit("/dashboard", java_script_enabled=False)

    page.locator(".channel").first.click()
    page.get_by_label("Text").fill("rate")
    page.get_by_role("button", name="Filter").click()
    assert "text=rate" in page.url

    page.get_by_role("link", name="Explain the status").click()
    assert "explained" in page.locator("h1").inner_text()

    page.goto(
        page.url.split("/dashboard")[0] + "/dashboard/correlation/test-integration"
    )
    page.get_by_label("Minimum score").fill("0")
    page.get_by_role("button", name="Filter").click()
    assert "min_score=0" in page.url
