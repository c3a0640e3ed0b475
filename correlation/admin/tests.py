"""Which tests are known, and which channel is each declared for?"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from correlation.ingest.declarations import declare_suggested
from correlation.ingest.removal import remove_tests
from correlation.models import TestCase
from qa_observability.audit import record

SEEN = ("first_seen_at", "last_seen_at")


@admin.register(TestCase)
class TestCaseAdmin(admin.ModelAdmin[TestCase]):
    """Tests come in with their results; people only say which channel they guard."""

    __test__ = False

    list_display = ["name", "integration", "source", "last_seen_at", "first_seen_at"]
    list_filter = [
        "source",
        ("integration", admin.RelatedOnlyFieldListFilter),
        "sample",
    ]
    list_select_related = ["integration", "source"]
    search_fields = ["name", "=test_case_id"]
    ordering = ["-last_seen_at", "test_case_id"]
    fields = ["name", "test_case_id", "source", "integration", *SEEN]
    readonly_fields = ["name", "test_case_id", "source", *SEEN]
    actions = ["take_suggestions"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(
        description=gettext_lazy("Declare the channel their names suggest"),
        permissions=["change"],
    )
    def take_suggestions(
        self, request: HttpRequest, queryset: QuerySet[TestCase]
    ) -> None:
        declared = declare_suggested(queryset, by=request.user)
        self.message_user(
            request,
            ngettext(
                "%(count)d test was declared.",
                "%(count)d tests were declared.",
                declared,
            )
            % {"count": declared},
        )

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        record(
            request.user,
            "test.declared",
            obj,
            before={"integration": form.initial.get("integration")},
            after={"integration": obj.integration_id},
        )

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Name the tests alone: their results may be a hundred thousand."""
        names = [str(test) for test in objs]
        forbidden = set() if self.has_delete_permission(request) else {_("test")}
        return (
            [*names, _("and all their results")],
            {_("tests"): len(names)},
            forbidden,
            [],
        )

    def delete_model(self, request: HttpRequest, obj: TestCase) -> None:
        self.delete_queryset(request, TestCase.objects.filter(pk=obj.pk))

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[TestCase]
    ) -> None:
        results = remove_tests(queryset)
        self.message_user(
            request,
            _("%(count)d results went with them.") % {"count": results},
            messages.INFO,
        )
