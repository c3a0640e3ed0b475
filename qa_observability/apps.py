"""The project is itself an app: it owns people, tokens, audit and job runs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QaObservabilityConfig(AppConfig):
    name = "qa_observability"
    verbose_name = _("People, tokens and jobs")

    def ready(self) -> None:
        from qa_observability import celery  # noqa: F401, PLC0415  shared tasks find it
