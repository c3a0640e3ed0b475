"""What does a page's address ask for? Unknown values fall back and correct the address."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponseRedirect, QueryDict

from qa_observability.lib.periods import DEFAULT_PERIOD, Period

LONGEST_TEXT: Final = 200

Reading = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter: ``read`` returns the value to use, None when it is unknown."""

    name: str
    default: str
    read: Reading


@dataclass(frozen=True, slots=True)
class PageQuery:
    """What a page was asked for, and the corrected address if it was not clean."""

    values: Mapping[str, str]
    corrected: str | None

    @property
    def period(self) -> Period:
        """The chosen period; pages without one use the default."""
        return Period(self.values.get("period", DEFAULT_PERIOD.value))

    def text(self, name: str) -> str | None:
        """Return a value, None when it is empty: the filter is off."""
        return self.values[name] or None

    @property
    def redirect(self) -> HttpResponseRedirect | None:
        """The redirect to the corrected address; None when it needs no correction."""
        return None if self.corrected is None else HttpResponseRedirect(self.corrected)


def one_of(choices: Collection[str]) -> Reading:
    """Accept the given values only."""
    return lambda raw: raw if raw in choices else None


def free_text(raw: str) -> str | None:
    """Accept any text of at most 200 characters without NUL bytes, trimmed."""
    text = raw.strip()
    return None if len(text) > LONGEST_TEXT or "\0" in text else text


def ratio(raw: str) -> str | None:
    """Accept a plain number from 0 to 1."""
    digits = raw.replace(".", "", 1)
    valid = digits.isascii() and digits.isdigit() and 0 <= float(raw) <= 1
    return raw if valid else None


def period_parameter() -> Parameter:
    """Return the parameter every page has: 7d, 30d, 90d, 1y; 30d by default."""
    return Parameter("period", DEFAULT_PERIOD.value, one_of([p.value for p in Period]))


def read_query(request: HttpRequest, *parameters: Parameter) -> PageQuery:
    """Return the values of ``parameters``, and a corrected address where one is wrong.

    A value nobody knows is replaced by its default and dropped from the address, as are
    parameters the page does not have; a default may stay written out. Of a parameter
    given twice the last counts.
    """
    values: dict[str, str] = {}
    kept = QueryDict(mutable=True)
    for parameter in parameters:
        raw = request.GET.get(parameter.name)
        read = parameter.read(raw) if raw is not None else None
        values[parameter.name] = parameter.default if read is None else read
        if read:
            kept[parameter.name] = read
    clean = kept.dict() == {k: v for k, v in request.GET.dict().items() if v}
    if clean:
        return PageQuery(values, None)
    query = kept.urlencode()
    return PageQuery(values, f"{request.path}?{query}" if query else request.path)
