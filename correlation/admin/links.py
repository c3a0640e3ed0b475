"""What was found, what people say of it, how it would have done: read, never edited."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from correlation.models import Backtest, LinkFeedback, TestIntegrationCorrelation


class _ReadOnly(admin.ModelAdmin[Any]):
    """Rows that a job or a verb writes."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False


@admin.register(TestIntegrationCorrelation)
class TestIntegrationCorrelationAdmin(_ReadOnly):
    """Links, strongest first; the refresh writes them."""

    __test__ = False

    list_display = [
        "test_case",
        "integration",
        "correlation_score",
        "correlation_type",
        "pattern",
        "confidence",
        "hits",
        "trials",
        "last_correlated",
    ]
    list_filter = ["integration", "correlation_type", "pattern"]
    list_select_related = ["test_case", "integration"]
    search_fields = ["test_case__name", "test_case__test_case_id"]
    ordering = ["-correlation_score", "test_case_id"]


@admin.register(LinkFeedback)
class LinkFeedbackAdmin(_ReadOnly):
    """What people said of links, newest first."""

    list_display = [
        "created_at",
        "test_case",
        "integration",
        "confirmed",
        "actor",
        "note",
    ]
    list_filter = ["integration", "confirmed"]
    list_select_related = ["test_case", "integration"]
    search_fields = ["test_case__name", "test_case__test_case_id", "actor", "note"]


@admin.register(Backtest)
class BacktestAdmin(_ReadOnly):
    """How the links would have done, night by night."""

    list_display = ["as_of", "judged_from", "judged_to"]
