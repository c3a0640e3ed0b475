"""``manage.py weekly_report``: write a week's report now and, with ``--send``, mail it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from qa_observability.api.encoding import encode_json
from qa_observability.lib.errors import ApplicationError
from qa_observability.roof.weekly.write import write_report
from revenue.reports.weekly import week_named
from revenue.weekly.deliver import deliver_due


class Command(BaseCommand):
    help = (
        "Write the report of the last complete week, or of --week, as its next version; "
        "print a JSON summary."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--week", default="", metavar="2026-W47")
        parser.add_argument(
            "--send", action="store_true", help="mail it to the recipients now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the report. Raises: ``CommandError`` (exit 1) when it is refused."""
        now, send = timezone.now(), options["send"]
        try:
            week = week_named(options["week"]) if options["week"] else None
            report = write_report(week, actor=None, now=now, send=send)
        except ApplicationError as refused:
            raise CommandError(refused.detail) from refused
        summary = {
            "week": str(report.iso_week),
            "version": report.version,
            "recipients": report.deliveries.count(),
            "mails": deliver_due(now) if send else None,
        }
        self.stdout.write(encode_json(summary, indent=2).decode())
