"""What is worth keeping of a long text? Its first and its last part."""

HEAD = 3000  # characters; a message and the first frames
TAIL = 1000  # the last frames, where many producers put the cause
GAP = "\n[…]\n"


class Excerpt:
    """Collects text in pieces and keeps the first and last part, in bounded memory."""

    __slots__ = ("_head", "_length", "_tail")

    def __init__(self) -> None:
        self._head = ""
        self._tail = ""
        self._length = 0

    def add(self, piece: str) -> None:
        """Append one piece."""
        self._length += len(piece)
        room = HEAD - len(self._head)
        self._head += piece[:room]
        if len(piece) > room:
            self._tail = (self._tail + piece[room:])[-TAIL:]

    def text(self) -> str:
        """Return what was kept, with a mark where something was left out."""
        gap = GAP if self._length > HEAD + TAIL else ""
        return f"{self._head}{gap}{self._tail}".strip()


def excerpt(text: str) -> str:
    """Return the first and last part of ``text``."""
    kept = Excerpt()
    kept.add(text)
    return kept.text()
