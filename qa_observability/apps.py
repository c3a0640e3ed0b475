"""The project is itself an app: it owns people, tokens, audit and job runs."""

from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class QaObservabilityConfig(AppConfig):
    name = "qa_observability"
    default = True
    verbose_name = _("People, tokens and jobs")

    def ready(self) -> None:
        from qa_observability import celery  # noqa: F401, PLC0415  shared tasks find it


class RoleAdminConfig(admin_apps.AdminConfig):
    """Puts our admin site in the place of Django's."""

    default = False
    default_site = "qa_observability.admin_site.RoleAdminSite"


class SignInsConfig(AxesConfig):  # type: ignore[misc]  # axes has no types
    """Names the records of sign-ins after what they are, not after who keeps them."""

    default = False
    verbose_name = _("Sign-ins")
