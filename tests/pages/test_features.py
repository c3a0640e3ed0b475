"""While channel pages are switched off, no other page leads there."""

import re

import pytest

from tests.pages.world import all_healthy, assume, check, fail

pytestmark = pytest.mark.django_db
OFF = re.compile(r'href="(/dashboard/(?:integrations|alerts|incidents|imports)[^"]*)"')
PAGES = (
    "/dashboard",
    "/dashboard/go",
    "/dashboard/revenue/impact",
    "/dashboard/revenue/impact/explain/at-risk",
    "/dashboard/correlation/test-integration",
    "/preferences",
)


@pytest.mark.parametrize("page", PAGES)
def test_no_link_leads_to_pages_that_are_off(lead, settings, page):
    all_healthy()
    check("airbnb", pricing_sync_status="error")
    assume("airbnb")
    fail("airbnb", 3)
    assert OFF.findall(lead.get(page).content.decode())

    settings.INTEGRATION_HEALTH_ENABLED = False

    answer = lead.get(page)
    assert answer.status_code == 200
    assert OFF.findall(answer.content.decode()) == []
