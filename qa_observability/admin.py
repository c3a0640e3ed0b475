"""Where do administrators see tokens, the audit trail and job runs?"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm, TypedMultipleChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa_observability.models import AuditEntry, JobRun, Token
from qa_observability.tokens import issue_token, revoke_token

admin.site.site_header = gettext_lazy("QA Observability")
admin.site.site_title = gettext_lazy("QA Observability")
admin.site.index_title = gettext_lazy("Data entry and configuration")
admin.site.site_url = "/dashboard"


class TokenForm(ModelForm[Token]):
    """What one may choose about a new token."""

    scopes = TypedMultipleChoiceField(
        choices=Token.Scope.choices,
        widget=CheckboxSelectMultiple,
        help_text=gettext_lazy("The fewest that do: pipelines only send data."),
    )

    class Meta:
        model = Token
        fields = ["name", "user", "scopes", "expires_at"]


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin[Token]):
    """Issue and revoke; a token is never edited, its key shown once."""

    form = TokenForm
    list_display = [
        "name",
        "prefix",
        "user",
        "scope_list",
        "state",
        "last_used_at",
        "expires_at",
    ]
    list_select_related = ["user"]
    search_fields = ["name", "prefix", "user__username"]
    list_filter = ["revoked_at", "expires_at"]
    actions = ["revoke"]

    @admin.display(description=gettext_lazy("scopes"))
    def scope_list(self, token: Token) -> str:
        return ", ".join(token.scopes)

    @admin.display(description=gettext_lazy("state"))
    def state(self, token: Token) -> str:
        names = {
            "usable": _("usable"),
            "expired": _("expired"),
            "revoked": _("revoked"),
        }
        return names[token.state(timezone.now())]

    def save_model(
        self, request: HttpRequest, obj: Token, form: Any, change: bool
    ) -> None:
        issued = issue_token(
            obj.user,
            obj.scopes,
            name=obj.name,
            by=request.user,
            now=timezone.now(),
            expires_at=obj.expires_at,
        )
        obj.pk, obj.prefix = issued.token.pk, issued.token.prefix
        warning = _("Copy the key now; it is not stored and cannot be shown again:")
        messages.warning(
            request, format_html("{} <code>{}</code>", warning, issued.key)
        )

    @admin.action(
        description=gettext_lazy("Revoke the chosen tokens"), permissions=["delete"]
    )
    def revoke(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        tokens = list(queryset.filter(revoked_at=None))
        for token in tokens:
            revoke_token(token, by=request.user, now=timezone.now())
        count = len(tokens)
        text = ngettext("%(count)s token revoked.", "%(count)s tokens revoked.", count)
        messages.success(request, text % {"count": count})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deletion: a revoked token stays as evidence."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_change_permission(
        self, request: HttpRequest, obj: Token | None = None
    ) -> bool:
        return False


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Records that the system writes: looked at, searched, never touched."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what to which record."""

    list_display = ["at", "actor_name", "action", "target_type", "target_id", "reason"]
    list_filter = ["action", "target_type", "at"]
    search_fields = ["actor_name", "action", "target_type", "target_id", "reason"]
    date_hierarchy = "at"


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    """When each job last ran, how long it took, what it did."""

    list_display = ["job", "started_at", "duration", "result", "counts", "error"]
    list_filter = ["job", "result", "started_at"]
    search_fields = ["job", "error", "task_id"]

    @admin.display(description=gettext_lazy("duration (s)"))
    def duration(self, run: JobRun) -> str:
        seconds = run.duration_seconds
        return "—" if seconds is None else f"{seconds:.1f}"
