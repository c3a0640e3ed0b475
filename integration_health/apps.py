"""The app's label and name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from qa_observability import sample_registry


class IntegrationHealthConfig(AppConfig):
    name = "integration_health"
    verbose_name = _("Integration health")

    def ready(self) -> None:
        """Tell the registry how this app's sample leaves; models exist from here on."""
        from integration_health.sample_data import (  # noqa: PLC0415
            purge_sample,
            sample_loaded,
        )

        sample_registry.register(self.name, purge=purge_sample, loaded=sample_loaded)
