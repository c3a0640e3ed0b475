"""Where does a page of a long list start? After one row, written into the address."""

from datetime import datetime
from uuid import UUID

from qa_observability.web.query import Parameter

Key = tuple[datetime, UUID]


def written_key(key: Key | None) -> str:
    """Return where a page starts as one text for the address; empty for the first."""
    return "" if key is None else f"{key[0].isoformat()}~{key[1]}"


def read_key(raw: str) -> Key | None:
    """Return where a page starts; None for anything :func:`written_key` never wrote."""
    moment, _separator, identity = raw.partition("~")
    try:
        at, known = datetime.fromisoformat(moment), UUID(identity)
    except ValueError:
        return None
    return None if at.tzinfo is None else (at, known)


def key_parameter() -> Parameter:
    """Return the parameter of a list that is read page by page."""
    return Parameter("page_key", "", lambda raw: raw if read_key(raw) else None)
