"""The app's label and name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from qa_observability import sample_registry


class CorrelationConfig(AppConfig):
    name = "correlation"
    verbose_name = _("Tests and failures")

    def ready(self) -> None:
        """Tell the registry how this app's sample leaves; models exist from here on."""
        from correlation.sample_data import purge_sample, sample_loaded  # noqa: PLC0415

        sample_registry.register(self.name, purge=purge_sample, loaded=sample_loaded)
