"""The app's label and name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationHealthConfig(AppConfig):
    name = "integration_health"
    verbose_name = _("Integration health")
