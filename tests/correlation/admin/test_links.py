"""The admin shows links, feedback and backtests, finds them, and edits none."""

import pytest
from django.urls import reverse

from correlation.models import LinkFeedback, TestIntegrationCorrelation
from correlation.refresh import refresh_correlations, run_backtest
from tests.correlation import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def found():
    scene.announced_airbnb()
    scene.strangers()
    refresh_correlations(now=scene.NOW)
    run_backtest(now=scene.NOW)
    LinkFeedback.objects.create(
        test_case_id="checkout", integration_id="airbnb", confirmed=True, actor="ana"
    )


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(
    ("model", "query", "shown"),
    [
        ("testintegrationcorrelation", "", "Test checkout"),
        ("testintegrationcorrelation", "?q=checkout&pattern__exact=none", "0 links"),
        ("linkfeedback", "?q=ana", "Test checkout"),
        ("backtest", "", "1 backtest"),
    ],
)
def test_lists_show_and_find(admin_client, model, query, shown):
    page = admin_client.get(reverse(f"admin:correlation_{model}_changelist") + query)

    assert page.status_code == 200
    assert shown in page.content.decode()


@pytest.mark.usefixtures("found")
def test_links_cannot_be_changed_or_deleted(admin_client):
    link = TestIntegrationCorrelation.objects.get()
    change = reverse(
        "admin:correlation_testintegrationcorrelation_change", args=[link.pk]
    )

    assert admin_client.get(change).status_code == 200
    assert admin_client.post(change, {"correlation_score": "1.00"}).status_code == 403
    assert (
        admin_client.post(
            change.replace("change", "delete"), {"post": "yes"}
        ).status_code
        == 403
    )
