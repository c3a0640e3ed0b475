"""Reading exports in tests: files of tests/data/splunk, or texts."""

import io
from pathlib import Path

from integration_health.splunk.reader import SplunkExport
from integration_health.splunk.rows import ParsedExport

DATA = Path("tests/data/splunk")


def read(content, zone=None):
    """Return the parsed rows of bytes, text or a file's name, and the export."""
    if isinstance(content, Path):
        content = content.read_bytes()
    if isinstance(content, str):
        content = content.encode()
    export = ParsedExport(SplunkExport(io.BytesIO(content)), zone=zone)
    return list(export.rows()), export


def counts(rows):
    """Return how many rows there are by type, named as their types."""
    names = [type(row).__name__ for row in rows]
    return {name: names.count(name) for name in sorted(set(names))}


def refusals(rows):
    """Return line, field and reason of the refused rows."""
    return [row[:3] for row in rows if type(row).__name__ == "RejectedRow"]
