"""Accessible in both themes, no sideways scrolling at 320 px, and pictures to look at."""

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import ARTIFACTS

PAGES = {
    "overview": "/dashboard",
    "airbnb": "/dashboard/integrations/airbnb",
    "stale": "/dashboard/integrations/hmbn?period=7d",
    "revenue": "/dashboard/revenue/impact",
    "explain": "/dashboard/revenue/impact/explain/at-risk",
    "incidents": "/dashboard/incidents",
    "tests": "/dashboard/correlation/test-integration",
    "blind-spots": "/dashboard/correlation/blind-spots",
    "alerts": "/dashboard/alerts?state=all",
    "go": "/dashboard/go",
    "quality": "/dashboard/data-quality",
    "imports": "/dashboard/imports",
    "jobs": "/dashboard/jobs",
    "components": "/dashboard/components",
    "preferences": "/preferences",
}
LOOKS = (
    ("light", "wide", 1280),
    ("dark", "wide", 1280),
    ("light", "tablet", 900),
    ("light", "phone", 390),
    ("dark", "phone", 390),
)
WIDTH = "document.documentElement.scrollWidth"


def findings(page):
    found = Axe().run(page).response["violations"]
    return [
        (each["id"], [node["html"][:160] for node in each["nodes"]])
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(visit, name, theme):
    page = visit(PAGES[name], color_scheme=theme)

    assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_before_there_is_data(visit, empty, theme):
    for path in PAGES.values():
        page = visit(path, address=empty, color_scheme=theme)
        assert (path, findings(page)) == (path, [])


def test_axe_finds_nothing_serious_in_an_open_panel_and_at_sign_in(visit, sample):
    page = visit("/dashboard/revenue/impact")
    page.locator("[data-explain]").first.click()
    page.locator("#panel[open]").wait_for()
    assert findings(page) == []

    page.context.clear_cookies()
    page.goto(f"{sample}/sign-in")
    assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_putting_an_alert_off_opens_beside_the_list_and_fits_a_phone(visit, theme):
    page = visit("/dashboard/alerts?state=all", color_scheme=theme)

    page.get_by_role("link", name="Snooze until…").first.click()
    until = page.locator("#panel[open]").get_by_label("Until (required)")
    until.wait_for()

    assert findings(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(WIDTH) == 320
    before = until.evaluate("e => getComputedStyle(e).borderColor")
    page.locator("#panel").get_by_role("button", name="Snooze").click()
    assert until.evaluate("e => getComputedStyle(e).borderColor") != before


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_page_of_one_import(visit, theme):
    page = visit("/dashboard/imports", color_scheme=theme)

    page.locator("tbody a").first.click()

    assert page.get_by_role("button", name="Undo this import").is_visible()
    assert findings(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(WIDTH) == 320


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_forced_colours(visit, theme):
    page = visit("/dashboard/components", color_scheme=theme, forced_colors="active")

    assert findings(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_320_pixels_need_no_sideways_scrolling(visit, name):
    page = visit(PAGES[name], width=320)

    assert page.evaluate(WIDTH) == 320
    page.evaluate(
        "document.querySelectorAll('details').forEach(e => { e.open = true })"
    )
    assert page.evaluate(WIDTH) == 320


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_heading_of_the_first_rank_and_no_gaps(visit, name):
    page = visit(PAGES[name])

    ranks = page.locator("main h1, h1, main h2, main h3").evaluate_all(
        "all => all.filter(e => e.offsetParent).map(e => Number(e.tagName[1]))"
    )

    assert ranks.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(ranks))


def test_states_are_told_apart_without_colour(visit):
    page = visit("/dashboard", forced_colors="active")

    shapes = page.locator(".channel .badge use").evaluate_all(
        "all => all.map(e => e.getAttribute('href'))"
    )
    words = page.locator(".channel .badge").all_inner_texts()

    looks = {"Healthy": "healthy", "Warning": "warning", "Critical": "critical"}
    assert shapes == [f"#shape-{looks.get(each, 'unknown')}" for each in words]


@pytest.mark.parametrize("name", PAGES)
def test_pictures_are_kept_to_look_at(visit, name):
    ARTIFACTS.mkdir(exist_ok=True)
    page = visit(PAGES[name])
    for theme, label, width in LOOKS:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        path = ARTIFACTS / f"{name}-{theme}-{label}.png"
        page.screenshot(path=path, full_page=True)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 718, "height": 1000})
    page.screenshot(path=ARTIFACTS / f"{name}-print.png", full_page=True)

    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
