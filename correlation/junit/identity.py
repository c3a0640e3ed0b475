"""Which test does a case speak of, and how do people call it?"""

import re

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
_WORD = re.compile(r"[\W_]+")


class Naming:
    """Names the tests of one report; ``line`` names a case that has no name itself."""

    def __init__(self, source: str, *, is_playwright: bool) -> None:
        self._source = source
        self._is_playwright = is_playwright

    def of_case(self, case: Case, line: int) -> tuple[str, str, Family | None]:
        """Return id, readable name and the family of a parametrised test."""
        name = cleaned(case.attributes.get("name")) or f"(unnamed {line})"
        place = self._place(case.suite, case)
        shown = self._shown(case, name)
        base = base_name(name)
        family = None
        if base != name:
            readable = shortened(self._shown(case, base))
            family = Family(case_id([*place, base]), readable)
        return case_id([*place, name]), shortened(shown), family

    def of_suite(self, suite: Suite) -> tuple[str, str]:
        """Return id and readable name of an error that belongs to a suite, not a case."""
        path = suite_path(suite)
        parts = [self._source, "", *path, "", "", SUITE_ERROR]
        name = ARROW.join([path[-1], SUITE_ERROR]) if path else SUITE_ERROR
        return case_id(parts), shortened(name)

    def _place(self, suite: Suite, case: Case) -> list[str]:
        file = case.attributes.get("file") or _nearest(suite, "file")
        return [
            self._source,
            self._project(suite),
            *suite_path(suite),
            portable_path(file),
            _class_name(case),
        ]

    def _project(self, suite: Suite) -> str:
        """Return Playwright's project, which it writes where others name a machine."""
        return cleaned(suite.attributes.get("hostname")) if self._is_playwright else ""

    def _shown(self, case: Case, name: str) -> str:
        shown = name
        container = _container(case)
        if container and f" {container} " not in f" {name} ":  # Jest, Mocha repeat it
            shown = f"{container}{ARROW}{name}"
        project = self._project(case.suite)
        return f"[{project}] {shown}" if project else shown


def suite_path(suite: Suite) -> list[str]:
    """Return the names of the suites around a case, outermost first.

    The root ``<testsuites>`` names a run or a tool, not a place, and is left out.
    """
    names = [
        portable_name(at.attributes.get("name"))
        for at in around(suite)
        if not at.is_root
    ]
    return [name for name in reversed(names) if name]


def _class_name(case: Case) -> str:
    return portable_name(
        case.attributes.get("classname") or case.attributes.get("class")
    )


def _container(case: Case) -> str:
    """Return the better readable of class and suite: Newman squeezes one into the other."""
    name = _class_name(case)
    suite = next(reversed(suite_path(case.suite)), "")
    if not name or _WORD.sub("", suite).lower() == name.lower():
        return suite
    return name


def _nearest(suite: Suite, attribute: str) -> str:
    stated = (at.attributes.get(attribute, "") for at in around(suite))
    return next(filter(None, stated), "")
