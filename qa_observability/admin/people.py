"""Who works here, in which role? Every change of it leaves a trace."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from qa_observability.audit import record

admin.site.unregister(User)
admin.site.unregister(Group)

POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """Django's page of users, on which no one can raise themselves above a superuser."""

    list_display = ["username", "email", "role_names", "is_active", "last_login"]
    list_filter = ["groups", "is_active", "is_superuser"]
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Role"), {"fields": ("is_active", *POWERS)}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all()) or "—"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave to superusers what stands above the roles."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return (*fields, "is_staff", "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers are changed by superusers only."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        """Keep what the person might do before, for the trace written after the roles."""
        form.powers_before = _powers(User.objects.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        record(
            request.user,
            "person.changed" if change else "person.added",
            form.instance,
            before=form.powers_before,
            after=_powers(form.instance),
        )

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002  Django's name
        form_url: str = "",
    ) -> Any:
        """Record that a password was set for someone, never the password."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            record(request.user, "person.password_set", User.objects.get(pk=id))
        return response

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for person in queryset:
            record(request.user, "person.deleted", person, before=_powers(person))
        return super().log_deletions(request, queryset)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """What each role may do; only superusers change it."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


def _powers(person: User) -> dict[str, Any]:
    return {
        "username": person.username,
        "active": person.is_active,
        "staff": person.is_staff,
        "superuser": person.is_superuser,
        "roles": sorted(person.groups.values_list("name", flat=True)),
    }
