"""Which test does a case speak of, and how do people call it?"""

import re
from dataclasses import dataclass
from functools import lru_cache

from correlation.domain.identity import (
    ARROW,
    base_name,
    case_id,
    cleaned,
    portable_name,
    portable_path,
    shortened,
)
from correlation.junit.markup import Case, Suite, around
from correlation.parsed import Family

SUITE_ERROR = "(suite error)"
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the cases of one suite stand: what is said once for all of them."""

    project: str
    path: tuple[str, ...]
    file: str

    @property
    def suite(self) -> str:
        return self.path[-1] if self.path else ""


class Naming:
    """Names the tests of one report; ``line`` names a case that has no name itself."""

    def __init__(self, source: str, *, is_playwright: bool) -> None:
        self._source = source
        self._is_playwright = is_playwright
        self._places: dict[int, _Place] = {}

    def of_case(self, case: Case, line: int) -> tuple[str, str, Family | None]:
        """Return id, readable name and the family of a parametrised test."""
        place = self._place(case.suite)
        class_name = _class_name(case)
        name = cleaned(case.attributes.get("name")) or f"(unnamed {line})"
        file = portable_path(case.attributes.get("file")) or place.file
        where = [self._source, place.project, *place.path, file, class_name]
        identity = case_id([*where, name])
        shown = _shown(place, class_name, name)
        base = base_name(name)
        if base == name:
            return identity, shown, None
        family = Family(case_id([*where, base]), _shown(place, class_name, base))
        return identity, shown, family

    def of_suite(self, suite: Suite) -> tuple[str, str]:
        """Return id and readable name of an error that belongs to a suite, not a case."""
        place = self._place(suite)
        parts = [self._source, "", *place.path, "", "", SUITE_ERROR]
        name = ARROW.join(filter(None, [place.suite, SUITE_ERROR]))
        return case_id(parts), shortened(name)

    def _place(self, suite: Suite) -> _Place:
        """Return a suite's place; Playwright names its project where others name a host.

        The root ``<testsuites>`` names a run or a tool, not a place, and is left out.
        """
        known = self._places.get(id(suite))
        if known is None:
            names = [
                portable_name(at.attributes.get("name"))
                for at in around(suite)
                if not at.is_root
            ]
            host = suite.attributes.get("hostname") if self._is_playwright else ""
            known = _Place(
                project=cleaned(host),
                path=tuple(name for name in reversed(names) if name),
                file=portable_path(_nearest(suite, "file")),
            )
            self._places[id(suite)] = known
        return known


def _class_name(case: Case) -> str:
    return portable_name(
        case.attributes.get("classname") or case.attributes.get("class")
    )


def _shown(place: _Place, class_name: str, name: str) -> str:
    """Return what people read: Jest and Mocha repeat the container in the name."""
    shown = name
    container = _container(place, class_name)
    if container and f" {container} " not in f" {name} ":
        shown = f"{container}{ARROW}{name}"
    return shortened(f"[{place.project}] {shown}" if place.project else shown)


@lru_cache(maxsize=10_000)
def _container(place: _Place, class_name: str) -> str:
    """Return the better readable of class and suite: Newman squeezes one into the other."""
    squeezed = _NO_WORD.sub("", place.suite)
    if not class_name or squeezed.lower() == class_name.lower():
        return place.suite
    return class_name


def _nearest(suite: Suite, attribute: str) -> str:
    stated = (at.attributes.get(attribute, "") for at in around(suite))
    return next(filter(None, stated), "")
