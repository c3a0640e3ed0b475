"""Print what this service is made of: a CycloneDX bill of materials, or the licences."""

import json
import tomllib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from qa_observability.env import BASE_DIR
from qa_observability.materials import bill_of, installed, locked


class Command(BaseCommand):
    help = (
        "Print a CycloneDX 1.6 bill of materials of what requirements.lock installs here, "
        "with hashes and licences."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--licences", action="store_true", help="one line per package instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        materials = list(
            installed(locked((BASE_DIR / "requirements.lock").read_text()))
        )
        if options["licences"]:
            for each in materials:
                licence = each.licence or "not stated"
                self.stdout.write(f"{each.pin.name} {each.pin.version}: {licence}")
            return
        project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]
        bill = bill_of(
            materials,
            name=project["name"],
            version=project["version"],
            now=timezone.now(),
        )
        self.stdout.write(json.dumps(bill, indent=2))
