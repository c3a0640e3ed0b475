"""How are tokens issued and revoked by hand?"""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa_observability.models import Token
from qa_observability.tokens import issue_token, revoke_token


class TokenForm(forms.ModelForm[Token]):
    """What one may choose about a new token."""

    scopes = forms.TypedMultipleChoiceField(
        label=gettext_lazy("scopes"),
        choices=Token.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The fewest that do: pipelines only send data."),
    )

    class Meta:
        model = Token
        fields = ["name", "user", "scopes", "expires_at"]

    def clean_expires_at(self) -> datetime | None:
        """Refuse a token that would never work."""
        expires_at: datetime | None = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise forms.ValidationError(_("Must be in the future."))
        return expires_at


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

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **options: Any
    ) -> Any:
        """Offer only users whose rights the issuer could hold: no one climbs by a token."""
        if not request.user.is_superuser and db_field.name == "user":
            options["queryset"] = User.objects.filter(is_superuser=False)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deletion: a revoked token stays as evidence."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_change_permission(
        self, request: HttpRequest, obj: Token | None = None
    ) -> bool:
        return False
