"""What may this reader see, and what was asked for? The same for one channel and one incident."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from qa_observability.features import is_enabled
from qa_observability.web.query import PageQuery
from revenue.pages.rights import shows_money


@dataclass(frozen=True, slots=True)
class Seen:
    """What this reader may see and asked for; ``query`` is the address as read."""

    money: bool
    tests: bool
    query: Mapping[str, str]


def seen_by(request: HttpRequest, query: PageQuery) -> Seen:
    """Return what the reader of a page may see."""
    return Seen(shows_money(request), is_enabled("correlation"), query.values)
