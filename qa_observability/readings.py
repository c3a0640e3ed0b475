"""What do several blocks of one page read? The same thing once, so that they agree."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

Given = ParamSpec("Given")
Found = TypeVar("Found")

_page: ContextVar[dict[Hashable, Any] | None] = ContextVar("page", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Let functions marked ``read_once`` read each thing once until the block ends.

    For answers that only read; also a decorator of views. Everywhere else the marked
    functions read anew.
    """
    token = _page.set({})
    try:
        yield
    finally:
        _page.reset(token)


def read_once(read: Callable[Given, Found]) -> Callable[Given, Found]:
    """Mark a reading that blocks of a page share; its arguments are hashable or lists.

    What it returns is shared too: nobody may change it.
    """

    @wraps(read)
    def shared(*given: Given.args, **named: Given.kwargs) -> Found:
        page = _page.get()
        if page is None:
            return read(*given, **named)
        key = (read, *map(_hashable, given), *sorted(named.items()))
        if key not in page:
            page[key] = read(*given, **named)
        return cast(Found, page[key])

    return shared


def _hashable(given: Any) -> Hashable:
    return tuple(given) if isinstance(given, list) else given
