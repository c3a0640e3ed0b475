"""What shows while an answer is slow: bars of the size of what they stand for, and a way out.

An answer is held back until the test has looked, so that nothing hangs on speed. While
a navigation is under way Playwright waits for its end before it looks: what shows then
is looked at by one script of the page itself, begun before.
"""

import pytest
from playwright.sync_api import expect

SLOW_MS = 5_000  # as the script counts
BLOCKS = "[...document.querySelectorAll('#live :is(.lead, .card, .channel)')]"
BOXES = f"""{BLOCKS}.map(e => {{
    const box = e.getBoundingClientRect();
    return [box.x, box.y, box.width, box.height];
}})"""
SHOWN_WORDS = f"""{BLOCKS}.filter(e => !e.matches('.lead'))
    .flatMap(e => [...e.children])
    .filter(e => getComputedStyle(e).opacity !== '0').length"""
LIVE_IS_LOADING = "document.querySelector('#live.loading[aria-busy=true]')"
CALM = "#live:not(.loading, [aria-busy])"
SAYS_SO = "document.querySelector('#working [data-working]:not([hidden])')"
UNTIL = """const until = async (isSo) => {
    while (!isSo()) await new Promise(d => setTimeout(d, 20));
}"""
WHILE_LOADING = f"""async (control) => {{
    {UNTIL}
    document.querySelector(control).click();
    await until(() => {LIVE_IS_LOADING});
    return [{BOXES}, {SHOWN_WORDS}];
}}"""
UNTIL_STOPPED = f"""async (control) => {{
    {UNTIL}
    document.querySelector(control).click();
    await until(() => {SAYS_SO});
    const said = document.querySelector('#working').innerText;
    document.querySelector('#working [data-action=cancel]').click();
    return [said, !!document.querySelector('{CALM}'), !{SAYS_SO}];
}}"""
FILTER = "form:has([data-filter]) button"


def hold(page, address):
    """Keep the page waiting for what it asks of an address; return what lets it go on."""
    held = []

    def keep(route):
        held.append(route)

    def let_go():
        for route in held:
            route.continue_()

    page.route(address, keep)
    return let_go


@pytest.mark.parametrize(
    ("path", "control", "asked"),
    [
        pytest.param("/dashboard", "[data-period='1']", "?period=7d", id="by link"),
        pytest.param("/dashboard/incidents", FILTER, "?*", id="by htmx"),
    ],
)
def test_a_slow_page_shows_bars_of_the_size_of_its_blocks(visit, path, control, asked):
    page = visit(path)
    before = page.evaluate(BOXES)
    let_go = hold(page, f"**{path}{asked}")

    assert page.evaluate(WHILE_LOADING, control) == [before, 0]

    let_go()
    page.wait_for_url(f"**{path}{asked}", wait_until="commit")
    expect(page.locator(CALM)).to_be_attached()


def test_a_slow_page_says_so_and_can_be_stopped(visit):
    page = visit("/dashboard")
    address, sentence = page.url, page.locator(".lead").inner_text()
    hold(page, "**/dashboard?period=7d")

    said, is_calm, is_silent = page.evaluate(UNTIL_STOPPED, "[data-period='1']")

    assert (said.split("\n")[0], is_calm, is_silent) == ("Still working…", True, True)
    assert (page.url, page.locator(".lead").inner_text()) == (address, sentence)


def test_a_slow_refresh_keeps_what_is_read_and_says_so(visit):
    page = visit("/dashboard")
    shown = page.locator("#live").inner_text()
    let_go = hold(page, "**/dashboard")

    page.keyboard.press("r")
    word = page.locator(".doing", has_text="Refreshing")
    expect(word).to_have_css("opacity", "1")

    assert page.locator("#live").inner_text() == shown
    let_go()
    expect(word).to_have_css("opacity", "0")


def test_a_slow_panel_opens_with_bars_at_its_final_size(visit):
    page = visit("/dashboard/revenue/impact")
    let_go = hold(page, "**/explain/at-risk*")

    page.locator("[data-explain]").first.click()
    page.locator("#panel[open] [data-bars]").wait_for()
    size = page.locator("#panel").bounding_box()
    let_go()

    page.locator("#panel[open]:not(:has([data-bars]))").wait_for()
    assert page.locator("#panel").bounding_box() == size


def test_a_slow_panel_that_is_stopped_closes(visit):
    page = visit("/dashboard/revenue/impact", watched=False)  # htmx logs what it aborts
    hold(page, "**/explain/at-risk*")
    page.clock.install()

    page.locator("[data-explain]").first.click()
    page.locator("#panel[open] [data-bars]").wait_for()
    page.clock.fast_forward(SLOW_MS)
    page.locator("#panel").get_by_role("button", name="Cancel").click()

    expect(page.locator("#panel[open]")).to_have_count(0)
