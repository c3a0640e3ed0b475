"""How is a stream of bytes cut into lines? In chunks, so that memory stays bounded."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from qa_observability.lib.errors import TooLarge

STREAM_LIMIT = 512 * 1024 * 1024  # bytes
LINE_LIMIT = 64 * 1024
CHUNK = 256 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

TooLongLine: Final = b"\0too long"  # holds a NUL, so that no JSON line equals it


def split_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream, trimmed; a blank one is empty.

    A line over LINE_LIMIT bytes is yielded as :data:`TooLongLine`, its rest skipped.
    Raises: ``TooLarge`` once the stream passes STREAM_LIMIT.
    """
    pending, size, is_skipping = b"", 0, False
    while chunk := stream.read(CHUNK):
        if not size:
            chunk = chunk.removeprefix(BYTE_ORDER_MARK)
        size += len(chunk)
        if size > STREAM_LIMIT:
            raise TooLarge(
                _("Result lines may take %(limit)s MB. Send them in smaller parts.")
                % {"limit": STREAM_LIMIT // 2**20}
            )
        *whole, pending = (pending + chunk).split(b"\n")
        for line in whole:
            yield TooLongLine if is_skipping else _checked(line)
            is_skipping = False
        if len(pending) > LINE_LIMIT:
            pending, is_skipping = b"", True
    if pending or is_skipping:
        yield TooLongLine if is_skipping else _checked(pending)


def _checked(line: bytes) -> bytes:
    return line.strip() if len(line) <= LINE_LIMIT else TooLongLine
