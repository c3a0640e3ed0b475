"""Import test result files from a shell; one JSON summary on standard output."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from correlation.ingest.batches import BatchReport, ResultFileReport, import_one
from correlation.ingest.files import Upload
from correlation.parsed import UnreadableReport
from qa_observability.api.encoding import encode_json


class Command(BaseCommand):
    help = "Import JUnit XML, Newman JSON or result lines; print a JSON summary."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--source", default="", help="where the results come from")
        parser.add_argument(
            "--run-id", default="", help="the CI run's id (default: from the file)"
        )
        parser.add_argument("--revision", default="", help="the commit that was tested")
        parser.add_argument(
            "--started-at",
            type=_moment,
            metavar="ISO",
            help="when the run started, for reports without times; UTC without a zone",
        )
        parser.add_argument(
            "--keep-sample", action="store_true", help="leave sample data in place"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import each file by itself.

        Raises: ``CommandError`` (exit 1) after the summary when a file was refused.
        """
        upload = Upload(
            source=options["source"],
            run_id=options["run_id"],
            revision=options["revision"],
            started_at=options["started_at"],
            keep_sample=options["keep_sample"],
        )
        batch = BatchReport.of(_imported(path, upload) for path in options["files"])
        self.stdout.write(encode_json(batch, indent=2).decode())
        refused = [report for report in batch.files if report.error]
        if refused:
            raise CommandError(
                "\n".join(
                    f"{report.file}: {report.error and report.error.detail}"
                    for report in refused
                )
            )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _imported(path: Path, upload: Upload) -> ResultFileReport:
    try:
        with path.open("rb") as stream:
            return import_one(str(path), stream, upload, now=timezone.now())
    except OSError as missing:
        refusal = UnreadableReport(f"The file cannot be read: {missing.strerror}.")
        return ResultFileReport.refused(str(path), refusal)
