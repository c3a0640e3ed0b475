"""Which rows does an export hold? Any of Splunk's formats in, one stream of rows out."""

import os
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from integration_health.splunk.csv_tables import csv_rows
from integration_health.splunk.detection import (
    HEAD_BYTES,
    format_of,
    refuse_binary,
)
from integration_health.splunk.json_documents import json_document_rows
from integration_health.splunk.json_lines import json_line_rows
from integration_health.splunk.lines import ByteSource, without_mark
from integration_health.splunk.records import ExportFacts, ExportFormat, Record
from integration_health.splunk.xml_results import xml_rows
from qa_observability.lib.errors import TooLarge

LARGEST_FILE = 512 * 1024 * 1024  # bytes

_ROWS: dict[ExportFormat, Callable[[ByteSource, ExportFacts], Iterator[Record]]] = {
    ExportFormat.JSON_LINES: json_line_rows,
    ExportFormat.JSON_DOCUMENT: json_document_rows,
    ExportFormat.CSV: csv_rows,
    ExportFormat.XML: xml_rows,
}


class SplunkExport:
    """An export opened for reading: its rows once, and what it says about itself.

    ``stream`` must be seekable and stays open. Memory is bounded by the longest row,
    whatever the size of the file.
    Raises: ``UnreadableExport`` on opening or while rows are read; ``TooLarge`` above
        512 MiB.
    """

    def __init__(self, stream: BinaryIO) -> None:
        refuse_large(stream)
        stream.seek(0)
        head = stream.read(HEAD_BYTES)
        refuse_binary(head)
        self._source, encoding = without_mark(stream, head)
        text = self._source.read(HEAD_BYTES)
        whole = len(text) < HEAD_BYTES
        self.facts = ExportFacts(
            format_of(text.decode("utf-8", "replace"), whole=whole), encoding
        )
        self._source, _encoding = without_mark(stream, head)

    def rows(self) -> Iterator[Record]:
        """Yield every row, refused and preview rows included, in the file's order."""
        if self.facts.format is ExportFormat.EMPTY:
            return iter(())
        return _ROWS[self.facts.format](self._source, self.facts)


def refuse_large(stream: BinaryIO) -> None:
    """Raises: ``TooLarge`` for a stream of more than 512 MiB."""
    size = stream.seek(0, os.SEEK_END)
    if size > LARGEST_FILE:
        raise TooLarge(
            _(
                "The file has %(size)s MiB; at most %(most)s are read. Export a shorter "
                "time range."
            )
            % {"size": size // 1024**2, "most": LARGEST_FILE // 1024**2}
        )
