"""``manage.py load_sample``: the sample quarter, ending now."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from qa_observability.lib.errors import ApplicationError
from qa_observability.sample.load import load_sample
from qa_observability.sample.need import sample_needed


class Command(BaseCommand):
    help = "Load the sample quarter through the same verbs as real data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--end",
            type=_moment,
            default=None,
            help="the quarter's last moment (ISO 8601, UTC when without zone); now",
        )
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="only when there is no real data, and no sample of the last 12 hours",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        end = options["end"] or now
        if end > now:
            raise CommandError("The quarter cannot end in the future.")
        if options["if_needed"] and not sample_needed(now):
            self.stdout.write("  not needed: there is data already")
            return
        try:
            counts = load_sample(now=end, progress=self._tell)
        except ApplicationError as error:
            raise CommandError(
                f"{error.detail} Nothing was loaded: the sample stands beside real data "
                "only where they describe different times."
            ) from error
        self.stdout.write(
            "Sample quarter loaded: "
            + ", ".join(f"{count} {kind}" for kind, count in counts.items())
        )

    def _tell(self, step: str) -> None:
        self.stdout.write(f"  {step}")
        self.stdout.flush()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
