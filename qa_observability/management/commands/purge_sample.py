"""``manage.py purge_sample``: remove the sample quarter, and nothing else."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from qa_observability import sample_registry


class Command(BaseCommand):
    help = "Remove the sample quarter; real data stays."

    def handle(self, *args: Any, **options: Any) -> None:
        if not sample_registry.any_loaded():
            self.stdout.write("No sample is loaded.")
            return
        with transaction.atomic():
            removed = sample_registry.purge_all(timezone.now())
        self.stdout.write(
            "Sample removed: "
            + ", ".join(f"{count} {kind}" for kind, count in removed.items())
        )
