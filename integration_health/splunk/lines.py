"""How do bytes of unknown origin become lines? By their byte order mark, else UTF-8."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from django.utils.translation import gettext as _

from integration_health.splunk.errors import UnreadableExport
from integration_health.splunk.records import ExportFacts

LONGEST_LINE = 1024 * 1024  # bytes

_UTF_16_MARKS = {
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_ENOUGH_TO_TELL = 64


class ByteSource(Protocol):
    """What the formats read from: UTF-8, or an unmarked 8-bit encoding."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes; none at the end."""

    def readline(self, size: int, /) -> bytes:
        """Return a line of up to ``size`` bytes with its end; none at the end."""


class _Transcoded:
    """UTF-16 read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._text = io.TextIOWrapper(
            stream, encoding=encoding, errors="replace", newline="\n"
        )

    def read(self, size: int, /) -> bytes:
        return self._text.read(size).encode("utf-8", "replace")

    def readline(self, size: int, /) -> bytes:
        return self._text.readline(size).encode("utf-8", "replace")

    def __del__(self) -> None:
        # A text wrapper closes the stream it was given; that one is the caller's.
        if not self._text.closed:
            self._text.detach()


def without_mark(stream: BinaryIO, head: bytes) -> tuple[ByteSource, str]:
    """Return the stream after its byte order mark, and the encoding's name.

    UTF-16 without a mark is known by its zero bytes. ``head`` are the first bytes of the
    stream, which is rewound.
    """
    if head.startswith(codecs.BOM_UTF8):
        stream.seek(len(codecs.BOM_UTF8))
        return stream, "UTF-8"
    for mark, encoding in _UTF_16_MARKS.items():
        if head.startswith(mark):
            stream.seek(len(mark))
            return _Transcoded(stream, encoding), "UTF-16"
    stream.seek(0)
    if unmarked := _unmarked_utf_16(head[:_ENOUGH_TO_TELL]):
        return _Transcoded(stream, unmarked), "UTF-16"
    return stream, "UTF-8"


def _unmarked_utf_16(head: bytes) -> str | None:
    half = len(head) // 2
    if half and head[1::2].count(0) == half:
        return "utf-16-le"
    if half and head[0::2].count(0) == len(head) - half:
        return "utf-16-be"
    return None


def byte_lines(source: ByteSource) -> Iterator[tuple[int, bytes, bool]]:
    """Yield each line's number, its bytes, and whether it is whole.

    A line of more than 1 MiB is given once, cut and not whole; the rest of it is skipped.
    So is the last line when its end is missing.
    """
    number = 0
    while line := source.readline(LONGEST_LINE):
        number += 1
        whole = line.endswith(b"\n")
        yield number, line, whole
        if not whole:
            _skip_line(source)


def _skip_line(source: ByteSource) -> None:
    while rest := source.readline(LONGEST_LINE):
        if rest.endswith(b"\n"):
            return


def text_lines(source: ByteSource, facts: ExportFacts) -> Iterator[str]:
    """Yield lines as text: UTF-8, or Windows-1252 where a line is not, which is noted.

    Raises: :class:`UnreadableExport` for a line of more than 1 MiB.
    """
    for number, line, whole in byte_lines(source):
        if not whole and len(line) >= LONGEST_LINE:
            raise UnreadableExport(
                _("Line %(line)s is longer than 1 MiB; this is no export of rows.")
                % {"line": number},
                kind="line_too_long",
            )
        try:
            yield line.decode()
        except UnicodeDecodeError:
            facts.fallback_line = facts.fallback_line or number
            yield line.decode("cp1252", "replace")
