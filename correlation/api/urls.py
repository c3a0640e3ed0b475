"""Routes of the API under /api/v1/."""

from django.urls import path

from correlation.api import (
    backtest,
    blind_spots,
    correlations,
    feedback,
    inventory,
    pairs,
    protection,
    results,
)

urlpatterns = [
    path(
        "correlation/test-results",
        results.TestResultsView.as_view(),
        name="test-results",
    ),
    path("correlation/tests", inventory.InventoryView.as_view(), name="tests"),
    path("correlation/feedback", feedback.FeedbackView.as_view(), name="feedback"),
    path(
        "correlation/protected-by-tests",
        protection.ProtectionView.as_view(),
        name="protected-by-tests",
    ),
    path("correlation/backtest", backtest.BacktestView.as_view(), name="backtest"),
    path(
        "correlation/blind-spots",
        blind_spots.BlindSpotsView.as_view(),
        name="blind-spots",
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
