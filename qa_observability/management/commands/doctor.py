"""Look at everything the service needs; one line each, and what to do."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from qa_observability.api.encoding import encode_json
from qa_observability.roof.doctor import Finding, Verdict, examine
from qa_observability.roof.doctor.findings import worst


class Command(BaseCommand):
    help = (
        "Look at configuration, database, broker, keys, clocks, disk, files, jobs and mail. "
        "Exits 1 when something does not work."
    )
    requires_system_checks = ()  # they are a finding among others

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine(timezone.now())
        verdict = worst(findings)
        if options["json"]:
            report = {"verdict": verdict, "findings": findings}
            self.stdout.write(encode_json(report, indent=2).decode())
        else:
            self.stdout.writelines(map(line, findings))
        if verdict is Verdict.FAIL:
            sys.exit(1)


def line(finding: Finding) -> str:
    """Return a finding on one line, the cure at its end."""
    told = f"{finding.verdict.upper():4}  {finding.name:13}  {finding.detail}"
    return f"{told} {finding.cure}".rstrip() + "\n"
