"""Seal every revenue assumption with the newest key; print the counts as JSON."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qa_observability.api.encoding import encode_json
from qa_observability.lib.errors import ApplicationError
from revenue.configure import rotate_keys


class Command(BaseCommand):
    help = (
        "Seal every revenue assumption with the first key of REVENUE_KEYS. To rotate: put "
        "a new key in front of the old one, restart, run this, then remove the old one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = rotate_keys(None)
        except ApplicationError as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(encode_json(counts, indent=2).decode())
