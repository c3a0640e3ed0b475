"""Routes of the API under /api/v1/."""

from django.urls import path

from correlation.api import correlations, pairs, results

urlpatterns = [
    path(
        "correlation/test-results",
        results.TestResultsView.as_view(),
        name="test-results",
    ),
    path(
        "correlation/test-integration",
        correlations.CorrelationsView.as_view(),
        name="correlations",
    ),
    path(
        "correlation/test-integration/<path:test_case_id>",
        pairs.TestPairsView.as_view(),
        name="test-correlations",
    ),
]
