"""In which order are rows shown? The reader's choice, kept in the address."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.safestring import SafeString

from qa_observability.web.charts.svg import element
from qa_observability.web.query import Parameter, one_of

Row = TypeVar("Row")
_PLACE = ("page_key",)  # where a page of another order started


@dataclass(frozen=True, slots=True)
class Order:
    """Rows by one column, as ``?sort=-impact`` writes it: a minus puts the largest first."""

    key: str
    descending: bool

    @classmethod
    def read(cls, written: str) -> "Order":
        return cls(written.removeprefix("-"), written.startswith("-"))

    @property
    def written(self) -> str:
        return f"-{self.key}" if self.descending else self.key

    @property
    def reversed(self) -> "Order":
        return Order(self.key, not self.descending)


def sort_parameter(keys: Collection[str], default: str) -> Parameter:
    """Return the parameter ``sort``: one of the keys, with or without a minus."""
    return Parameter("sort", default, one_of({*keys, *(f"-{key}" for key in keys)}))


def in_order(
    rows: Iterable[Row], order: Order, keys: Mapping[str, Callable[[Row], Any]]
) -> tuple[Row, ...]:
    """Return rows by the key the order names; unknown values (None) come last.

    Equal rows stay as they were. Raises: ``KeyError`` for a key nobody offers.
    """
    key = keys[order.key]
    given = list(rows)
    known = [row for row in given if key(row) is not None]
    unknown = [row for row in given if key(row) is None]
    return (*sorted(known, key=key, reverse=order.descending), *unknown)


def column_head(
    request: HttpRequest, current: Order | None, first: str, label: str, look: str
) -> SafeString:
    """Return a column's head: a link that sorts by it, plain text without an order.

    ``first`` is how the first click sorts; a click on the column in force turns it round.
    ``look`` is the CSS class of the column, or empty.
    """
    if current is None:
        return element("th", label, scope="col", class_=look or None)
    offered = Order.read(first)
    is_current = offered.key == current.key
    arrow, said = ("↓", "descending") if current.descending else ("↑", "ascending")
    children = [label]
    if is_current:
        children.append(element("span", f" {arrow}", aria_hidden="true"))
    address = _address(request, current.reversed if is_current else offered)
    link = element(
        "a",
        *children,
        href=address,
        id=f"sort-{offered.key}",
        class_="sort",
        hx_get=address,
        hx_target="#live",
        hx_push_url="true",
    )
    return element(
        "th",
        link,
        scope="col",
        class_=look or None,
        aria_sort=said if is_current else None,
    )


def _address(request: HttpRequest, order: Order) -> str:
    query = request.GET.copy()
    for name in _PLACE:
        query.pop(name, None)
    query["sort"] = order.written
    return f"{request.path}?{query.urlencode()}"
