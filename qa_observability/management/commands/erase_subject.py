"""Show all that is held about a person, or erase it; the report is JSON."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from qa_observability.api.encoding import encode_json
from qa_observability.lib.errors import ApplicationError
from qa_observability.roof.erasure import erase_subject, export_subject

FROM_INPUT = "-"


class Command(BaseCommand):
    help = (
        "Print all rows that name an exact token (an address, a number, a name). With "
        "--delete they are erased and the days they touched rebuilt."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "token",
            help="what names the person; - reads it from standard input, out of sight",
        )
        parser.add_argument("--delete", action="store_true", help="erase what is found")
        parser.add_argument("--reason", default="", help="for the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        given = options["token"]
        token = sys.stdin.read() if given == FROM_INPUT else given
        try:
            if options["delete"]:
                report = erase_subject(
                    token, by=None, now=timezone.now(), reason=options["reason"]
                )
            else:
                report = export_subject(token, by=None)
        except ApplicationError as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(encode_json(report, indent=2).decode())
