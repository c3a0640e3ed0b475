"""Write the revenue configuration as YAML, or put a YAML file in force."""

from argparse import ArgumentParser
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from qa_observability.api.encoding import encode_json
from qa_observability.lib.errors import ApplicationError
from qa_observability.lib.periods import utc_day
from revenue.configure import (
    Authorship,
    entries_of,
    open_configuration,
    put_configuration,
)
from revenue.domain.document import (
    ConfigurationChange,
    as_mapping,
    read_change,
    written_out,
)
from revenue.domain.yaml_format import read_yaml, write_yaml
from revenue.reports import what_if_report


class Command(BaseCommand):
    help = "Export the revenue assumptions as YAML, or import such a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        export = actions.add_parser("export", help="write YAML to standard output")
        export.add_argument(
            "--on", type=date.fromisoformat, metavar="DAY", help="default: today (UTC)"
        )
        load = actions.add_parser("import", help="put a YAML file in force")
        load.add_argument("file", type=Path)
        load.add_argument(
            "--valid-from",
            type=date.fromisoformat,
            metavar="DAY",
            help="the UTC day from which it holds (default: the file's, else today)",
        )
        load.add_argument("--reason", help="why; kept with the versions")
        load.add_argument(
            "--replace",
            action="store_true",
            help="correct versions that are valid from that very day",
        )
        load.add_argument(
            "--dry-run", action="store_true", help="only show what would change"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            if options["action"] == "export":
                self.stdout.write(_exported(options["on"] or utc_day(now)), ending="")
            else:
                change = _change(options)
                answer = _effect if options["dry_run"] else _put
                self.stdout.write(encode_json(answer(change, now), indent=2).decode())
        except ApplicationError as refusal:
            raise CommandError(refusal.detail) from refusal


def _exported(day: date) -> str:
    held = open_configuration(day, actor=None, purpose="command")
    return write_yaml(as_mapping(written_out(held)))


def _change(options: dict[str, Any]) -> ConfigurationChange:
    try:
        text = options["file"].read_bytes()
    except OSError as missing:
        raise CommandError(
            f"{options['file']} cannot be read: {missing.strerror}."
        ) from missing
    change = read_change(read_yaml(text))
    return replace(
        change,
        valid_from=options["valid_from"] or change.valid_from,
        reason=change.reason if options["reason"] is None else options["reason"],
        replace=options["replace"] or change.replace,
    )


def _effect(change: ConfigurationChange, now: datetime) -> object:
    entries = entries_of(change.configuration)
    with transaction.atomic():
        _put(change, now)  # refuses what would be refused
        transaction.set_rollback(True)
    return what_if_report(
        entries, now=now, valid_from=change.valid_from or utc_day(now)
    )


def _put(change: ConfigurationChange, now: datetime) -> object:
    written = put_configuration(change, Authorship(None, change.reason, now))
    return {
        "versions": [
            {"integration_id": row.integration_id, "valid_from": row.valid_from}
            for row in written
        ]
    }
