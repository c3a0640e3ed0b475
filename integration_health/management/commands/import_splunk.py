"""Import a file exported from Splunk, from a shell; one JSON summary on standard output."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from integration_health.imports import import_splunk_export
from integration_health.imports.options import (
    Overlap,
    chosen_window,
    moment_given,
    zone_named,
)
from qa_observability.api.encoding import encode_json
from qa_observability.lib.errors import ApplicationError


class Command(BaseCommand):
    help = (
        "Import an export of endpoint statistics or raw events (JSON lines, JSON, CSV, "
        "XML); print a JSON summary."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--from",
            dest="start",
            default="",
            metavar="ISO",
            help="start of the search's time range, needed without _time; UTC, or --zone, "
            "where it names no offset",
        )
        parser.add_argument("--to", dest="end", default="", metavar="ISO")
        parser.add_argument(
            "--zone",
            type=_zone,
            metavar="NAME",
            help="zone of times that name no certain one, such as America/Sao_Paulo",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="read and check, store nothing"
        )
        parser.add_argument(
            "--overlap",
            choices=[choice.value for choice in Overlap],
            default=Overlap.REFUSE.value,
            help="replace: take back earlier imports of the same time",
        )
        parser.add_argument(
            "--complete",
            action="store_true",
            help="the raw events are all requests, not only failures: they give rates",
        )
        parser.add_argument(
            "--keep-sample", action="store_true", help="leave sample data in place"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file. Raises: ``CommandError`` (exit 1) when it is refused."""
        now = timezone.now()
        zone: ZoneInfo | None = options["zone"]
        path: Path = options["file"]
        try:
            window = chosen_window(
                moment_given("from", options["start"], zone),
                moment_given("to", options["end"], zone),
                now=now,
            )
            with path.open("rb") as stream:
                summary = import_splunk_export(
                    stream,
                    name=path.name,
                    by=None,
                    now=now,
                    window=window,
                    dry_run=options["dry_run"],
                    overlap=Overlap(options["overlap"]),
                    complete=options["complete"],
                    zone=zone,
                    keep_sample=options["keep_sample"],
                )
        except OSError as unreadable:
            raise CommandError(
                f"{path} cannot be read: {unreadable.strerror}."
            ) from unreadable
        except ApplicationError as refused:
            raise CommandError(refused.detail) from refused
        self.stdout.write(encode_json(summary, indent=2).decode())


def _zone(name: str) -> ZoneInfo | None:
    try:
        return zone_named(name)
    except ApplicationError as unknown:
        raise ArgumentTypeError(unknown.detail) from unknown
