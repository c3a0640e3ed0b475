"""The sample quarter comes in by the verbs of real data, is found, and leaves whole."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.apps import apps

from correlation.enums import Pattern
from correlation.models import TestCase, TestIntegrationCorrelation
from correlation.reports import backtest_report
from integration_health.models import Incident, IntegrationEvent
from integration_health.reports import health_overview
from qa_observability import sample_registry
from qa_observability.lib.periods import Period
from qa_observability.sample.load import load_sample
from revenue.reports import impact_report

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("sample")]

NOW = datetime(2026, 11, 24, 15, 3, 20, tzinfo=UTC)
STAY = {  # what no sample brings, and what remembers that one was here
    "auth",
    "contenttypes",
    "sessions",
    "admin",
    "axes",
    "qa_observability",
}
REVISIONS = "correlation.AlarmChange"  # days and numbers that only ever grow


def rows():
    """Return how many rows every table of the three apps holds."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label not in STAY and model._meta.label != REVISIONS
    }


def test_sample_tells_its_story_and_leaves_nothing():
    before = rows()

    steps = []
    load_sample(now=NOW, progress=steps.append)

    overview = health_overview(period=Period.MONTH, now=NOW)
    statuses = {each.integration_id: each.status for each in overview.integrations}
    assert statuses == {
        "booking-com": "critical",
        "airbnb": "healthy",
        "vrbo": "healthy",
        "hmbn": None,  # entered by hand, and nobody came for three days
    }
    announcing = TestIntegrationCorrelation.objects.filter(pattern=Pattern.PRECEDES)
    assert set(announcing.values_list("test_case_id", "integration_id")) == {
        ("smoke/airbnb-cleaning-fee", "airbnb"),
        ("smoke/booking-rate-parity", "booking-com"),
    }
    fees = announcing.get(integration_id="airbnb")
    assert 34 * 60 <= fees.median_lag_seconds <= 50 * 60
    assert impact_report(period=Period.MONTH, now=NOW).revenue_at_risk.value > Decimal(
        0
    )
    assert TestCase.objects.filter(sample=True).count() == 40
    assert IntegrationEvent.objects.filter(in_maintenance=True).exists()
    assert not Incident.objects.filter(sample=False).exists()
    assert sample_registry.any_loaded()
    backtest = backtest_report()
    assert backtest.as_of == NOW
    assert [row.announced > 0 for row in backtest.rows] == [True, True, True, False]
    assert steps[-1] == "links held against the last thirty days"

    sample_registry.purge_all(NOW)

    assert not sample_registry.any_loaded()
    assert rows() == before
