"""Routes of the API under /api/v1/."""

from django.urls import path

from revenue.api.config import ConfigHistoryView, ConfigView
from revenue.api.impact import ImpactView, TimeseriesView, WhatIfView

urlpatterns = [
    path("revenue/impact", ImpactView.as_view(), name="api-revenue-impact"),
    path("revenue/timeseries", TimeseriesView.as_view(), name="api-revenue-timeseries"),
    path("revenue/what-if", WhatIfView.as_view(), name="api-revenue-what-if"),
    path("revenue/config", ConfigView.as_view(), name="api-revenue-config"),
    path(
        "revenue/config/history",
        ConfigHistoryView.as_view(),
        name="api-revenue-config-history",
    ),
]
