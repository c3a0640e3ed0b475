"""Every page where one thing of each kind is wrong: it answers, accessibly, in its place."""

import pytest
from playwright.sync_api import expect

from tests.browser.server import served_sample
from tests.browser.test_looks import PAGES, WIDTH, findings
from tests.conftest import start_cluster
from tests.pages.troubled import CHANNEL_WITHOUT_DATA, LONG_NAME

UNTROUBLED = {"components", "preferences", "go"}  # nothing of the data shows there
TROUBLED = {name: path for name, path in PAGES.items() if name not in UNTROUBLED} | {
    "no-data": f"/dashboard/integrations/{CHANNEL_WITHOUT_DATA}",
    "reports": "/dashboard/reports",
}
SAID = {
    "overview": "need attention.",
    "airbnb": "Critical because pricing sync is Error",
    "stale": "No data: last checked",
    "no-data": "nobody has recorded or sent a check",
    "revenue": LONG_NAME,
    "explain": LONG_NAME,
    "incidents": "open incidents.",
    "tests": "fail shortly before a channel does.",
    "blind-spots": "Door lock",
    "alerts": LONG_NAME,
    "quality": "HMBN, Casa das Férias",
    "imports": "1 import is running.",
    "jobs": "jobs are late:",
    "reports": "1 failed",
}
STATUS = "performance.getEntriesByType('navigation')[0].responseStatus"


@pytest.fixture(scope="module")
def troubled(browser, pytestconfig):
    start_cluster(pytestconfig)
    with served_sample(troubled=True) as address:
        yield address


@pytest.mark.parametrize("name", TROUBLED)
def test_a_page_full_of_trouble_answers_accessibly_and_in_its_place(
    visit, troubled, name
):
    page = visit(TROUBLED[name], address=troubled, who="admin", color_scheme="light")

    assert page.evaluate(STATUS) == 200
    expect(page.locator("#main")).to_contain_text(SAID[name])
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(WIDTH) == 320
