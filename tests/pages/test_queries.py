"""No page asks the database more than thirty times, and rows do not add to it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.pages.world import CHANNELS, all_healthy, assume, fail

pytestmark = pytest.mark.django_db
MOST = 30
PAGES = (
    "/dashboard",
    "/dashboard/integrations/airbnb",
    "/dashboard/integrations/airbnb/explain/status",
    "/dashboard/revenue/impact",
    "/dashboard/revenue/impact/explain/at-risk",
    "/dashboard/correlation/test-integration",
    "/dashboard/alerts",
)


def asked(client, path):
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_the_same_few_queries_with_one_row_and_with_many(lead, path):
    all_healthy()
    assume("airbnb")
    fail("airbnb", 1)
    lead.get(path)
    fail("airbnb", 1)
    few = asked(lead, path)
    for slug in CHANNELS[:3]:
        fail(slug, 40, message="another")
        assume(slug)
    many = asked(lead, path)

    assert few == many
    assert many <= MOST
