"""Everybody can use every page: by keyboard, zoomed, in forced colours, without motion."""

import pytest

from tests.browser.test_looks import PAGES, WIDTH

TOO_SMALL_TO_SEE = """all => all.filter(e => {
    const box = e.getBoundingClientRect();
    return box.width < 1 || box.height < 1;
}).map(e => e.outerHTML.slice(0, 120))"""
STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]'
)].filter(e => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden'
    && e.checkVisibility({visibilityProperty: true})
    && (e.type !== 'radio' || e.checked)).length"""
HERE = """() => {
    const e = document.activeElement;
    if (e === document.body) return null;
    const all = [...document.querySelectorAll('*')];
    const look = getComputedStyle(e);
    return {
        place: all.indexOf(e),
        html: e.outerHTML.slice(0, 120),
        outline: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
    };
}"""
URLS = {
    "/dashboard?period=forever": "/dashboard",
    "/dashboard?period=90d&utm=x": "/dashboard?period=90d",
    "/dashboard/integrations/airbnb?type=No+Type&severity=high": (
        "/dashboard/integrations/airbnb?severity=high"
    ),
    "/dashboard/integrations/airbnb?page_key=nonsense": "/dashboard/integrations/airbnb",
    "/dashboard/revenue/impact?integration=nobody&period=7d": (
        "/dashboard/revenue/impact?period=7d"
    ),
    "/dashboard/correlation/test-integration?min_score=9&preliminary=show": (
        "/dashboard/correlation/test-integration"
    ),
    "/dashboard/alerts?state=gone": "/dashboard/alerts",
    "/dashboard/incidents?state=gone": "/dashboard/incidents",
    "/dashboard/go?period=7d": "/dashboard/go",
}


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_once_and_shows_where_it_is(visit, name):
    page = visit(PAGES[name])
    stops = page.evaluate(STOPS)
    page.locator(".skip").focus()  # the first of all; a page may begin elsewhere
    seen = [page.evaluate(HERE)]

    for _ in range(stops + 20):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or here["place"] == seen[0]["place"]:
            break
        seen.append(here)

    assert [each["html"] for each in seen if not each["outline"]] == []
    places = [each["place"] for each in seen]
    assert places == sorted(set(places)), "in the order of the page, nothing twice"
    assert len(seen) == stops, "nothing is left out and nothing traps"


@pytest.mark.parametrize("name", PAGES)
def test_zoomed_to_200_percent_nothing_is_cut_off_sideways(visit, name):
    page = visit(PAGES[name], width=640, device_scale_factor=2)  # 1280 at 200 %

    assert page.evaluate(WIDTH) == 640


@pytest.mark.parametrize("name", PAGES)
def test_forced_colours_leave_every_shape_and_button_to_see(visit, name):
    page = visit(PAGES[name], forced_colors="active")

    shapes = page.locator(
        "main .shape:visible, main .button:visible, main .badge:visible"
    )
    assert shapes.evaluate_all(TOO_SMALL_TO_SEE) == []
    assert (
        shapes.evaluate_all(
            """all => all.filter(e => {
            const look = getComputedStyle(e), ground = getComputedStyle(document.body);
            return look.color === ground.backgroundColor;
        }).map(e => e.outerHTML.slice(0, 120))"""
        )
        == []
    )


@pytest.mark.parametrize("name", PAGES)
def test_whoever_wants_no_motion_gets_none(visit, name):
    page = visit(PAGES[name], reduced_motion="reduce")

    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(e => ['', '::before', '::after']
            .some(part => {
                const look = getComputedStyle(e, part || null);
                return parseFloat(look.transitionDuration) > 0 || look.animationName !== 'none';
            })).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert moving == []


@pytest.mark.parametrize("asked", URLS)
def test_an_address_nobody_knows_is_corrected(visit, sample, asked):
    page = visit(asked)

    assert page.url == sample + URLS[asked]


def test_back_and_forward_restore_what_was_seen(visit):
    page = visit("/dashboard/correlation/test-integration")
    page.get_by_label("Minimum score").fill("0")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**min_score=0**")
    page.get_by_role("link", name="7 days").click()
    page.wait_for_url("**period=7d**")

    page.go_back()
    page.wait_for_url("**period=30d&**min_score=0**")
    assert page.get_by_label("Minimum score").input_value() == "0"
    page.go_forward()
    page.wait_for_url("**period=7d**")
    assert page.locator(".periods [aria-current]").inner_text() == "7 days"
