"""Routes of the API under /api/v1/."""

from django.urls import path

from revenue.api.config import ConfigHistoryView, ConfigView
from revenue.api.impact import ImpactView, TimeseriesView, WhatIfView
from revenue.api.reports import ReportsView, ReportView

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
    path("revenue/reports", ReportsView.as_view(), name="api-revenue-reports"),
    path("revenue/reports/<str:week>", ReportView.as_view(), name="api-revenue-report"),
]
