"""Judge all links now; the summary alone goes to standard output, as JSON."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from correlation.refresh import refresh_correlations, run_backtest
from qa_observability.api.encoding import encode_json
from qa_observability.lib.errors import ApplicationError


class Command(BaseCommand):
    """Exit 1 with one sentence when a window or a moment is out of range."""

    help = "Judge which tests announce which channel failures, and store the links."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--full",
            action="store_true",
            help="derive the alarms anew from all results first, and backtest the links",
        )
        parser.add_argument(
            "--window",
            type=int,
            metavar="SECONDS",
            help="judge all tests with this window (300 to 259200), "
            "not with their sources' windows",
        )
        parser.add_argument(
            "--as-of",
            type=_moment,
            metavar="ISO",
            help="answer as of this moment, looking at nothing later",
        )

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        try:
            summary = refresh_correlations(
                now=now,
                window_seconds=options["window"],
                full=options["full"],
                as_of=options["as_of"],
            )
            if options["full"]:
                run_backtest(now=options["as_of"] or now)
        except ApplicationError as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(encode_json(summary, indent=2).decode())


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise CommandError(
            _("--as-of must be an ISO 8601 moment such as 2026-01-10T10:30:00Z.")
        ) from unreadable
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
