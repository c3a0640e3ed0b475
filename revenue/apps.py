"""The app's label and name, and what must be in order before anything starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from qa_observability import sample_registry


class RevenueConfig(AppConfig):
    name = "revenue"
    verbose_name = _("Revenue")

    def ready(self) -> None:
        """Read the keys, so that a weak one stops the start; register the sample."""
        from revenue.sample_data import purge_sample, sample_loaded  # noqa: PLC0415
        from revenue.sealing import key_ring  # noqa: PLC0415

        key_ring()
        sample_registry.register(self.name, purge=purge_sample, loaded=sample_loaded)
