"""Importing in tests: a file of tests/data/splunk, or rows made here."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integration_health.imports import import_splunk_export
from qa_observability.lib.periods import Window

DATA = Path("tests/data/splunk")
NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
DAY = Window(datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 1, 5, 10, tzinfo=UTC))


def import_file(content, **options):
    """Import a file by its name, bytes, text or rows; as nobody, at NOW."""
    name = "export.json"
    if isinstance(content, list):
        content = lines(content)
    if isinstance(content, str) and "\n" not in content:
        name, content = content, (DATA / content).read_bytes()
    if isinstance(content, str):
        content = content.encode()
    given = {"name": name, "by": None, "now": NOW} | options
    return import_splunk_export(io.BytesIO(content), **given)


def lines(rows):
    """Return rows as Splunk's JSON lines, the last one marked."""
    wrapped = [{"preview": False, "result": row} for row in rows]
    wrapped[-1]["lastrow"] = True
    return "".join(json.dumps(each) + "\n" for each in wrapped)


def stat(endpoint, requests, errors, client=None, server=0, at=None):
    """Return one row of endpoint statistics, with ``_time`` where ``at`` is given."""
    row = {
        "endpoint": endpoint,
        "total_requests": str(requests),
        "total_errors": str(errors),
        "client_errors_4xx": str(errors - server if client is None else client),
        "server_errors_5xx": str(server),
    }
    return row if at is None else {"_time": at.isoformat()} | row


def event(path, status, at, method="POST"):
    """Return one raw event of an access log."""
    return {
        "_time": at.isoformat(),
        "_raw": f'192.0.2.1 - - [x] "{method} {path} HTTP/1.1" {status} 1',
        "status": str(status),
        "host": "app-1",
        "source": "access_log",
    }


def minutes(count):
    return timedelta(minutes=count)
