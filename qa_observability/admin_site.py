"""Who may open the admin, and how do they sign in? As everywhere else."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from qa_observability.features import is_enabled

USE_ADMIN = "qa_observability.use_admin"


class RoleAdminSite(AdminSite):
    """Open to everyone with the right, whether or not Django calls them staff."""

    site_header = _("QA Observability")
    site_title = _("QA Observability")
    index_title = _("Data entry and configuration")
    site_url = "/dashboard"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_active and (user.is_staff or user.has_perm(USE_ADMIN))

    def register(
        self, model_or_iterable: Any, admin_class: Any = None, **options: Any
    ) -> None:
        """Leave out the models of features that are switched off."""
        models = model_or_iterable
        if not isinstance(models, Iterable):
            models = [models]
        shown = [model for model in models if is_enabled(model._meta.app_label)]
        super().register(shown, admin_class, **options)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send to our sign-in page; someone signed in already lacks the right."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", "/admin/"))
