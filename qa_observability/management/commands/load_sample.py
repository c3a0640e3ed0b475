"""``manage.py load_sample``: the sample quarter, ending now."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from qa_observability.sample.load import load_sample


class Command(BaseCommand):
    help = "Load the sample quarter through the same verbs as real data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--end",
            type=_moment,
            default=None,
            help="the quarter's last moment (ISO 8601, UTC when without zone); now",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        end = options["end"] or now
        if end > now:
            raise CommandError("The quarter cannot end in the future.")
        counts = load_sample(now=end, progress=self._tell)
        self.stdout.write(
            "Sample quarter loaded: "
            + ", ".join(f"{count} {kind}" for kind, count in counts.items())
        )

    def _tell(self, step: str) -> None:
        self.stderr.write(f"  {step}")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
