"""Bodies that are read as they arrive: whole uploads never stand in memory."""

from typing import IO

from django.http import UnreadablePostError
from django.utils.translation import gettext as _

from qa_observability.lib.errors import InvalidInput


class BodyStream:
    """A body read as it arrives; a client that hangs up is the client's error."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Read as files do. Raises: ``InvalidInput`` when the body ends too soon."""
        try:
            return self._stream.read(size)
        except UnreadablePostError as broken:
            raise InvalidInput(
                _("The body ended before it was complete. Send it again."),
                code="incomplete_body",
            ) from broken
