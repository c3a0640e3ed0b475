"""What does the XML hold? Cases and suites as written, read as a stream of bytes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser, ParseError
from django.utils.translation import gettext as _

from correlation.domain.excerpts import Excerpt
from correlation.parsed import UnreadableReport
from qa_observability.lib.errors import TooLarge

FILE_LIMIT = 50 * 1024 * 1024  # bytes
CASE_LIMIT = 200_000
DEPTH_LIMIT = 1000
CHUNK = 64 * 1024
SUITES: Final = frozenset({"testsuites", "testsuite"})
MARKS: Final = frozenset(
    {
        "error",
        "failure",
        "skipped",
        "flakyError",
        "flakyFailure",
        "rerunError",
        "rerunFailure",
    }
)
KEPT_PROPERTIES = frozenset({"integration", "integration_id"})  # others hold secrets
_OTHER_FORMATS = {
    "assemblies": "xUnit.net v2",
    "test-run": "NUnit 3",
    "test-results": "NUnit 2",
    "TestRun": "Visual Studio TRX",
    "html": "HTML",
}


@dataclass(slots=True)
class Mark:
    """One ``<failure>``, ``<skipped>`` or the like: its message and text."""

    kind: str
    message: str
    excerpt: Excerpt = field(default_factory=Excerpt)


@dataclass(slots=True)
class Suite:
    """One ``<testsuite>`` or the root; counts are of elements, not of attributes."""

    parent: "Suite | None"
    attributes: dict[str, str]
    cases: int = 0
    errors: int = 0
    suites: int = 0
    marks: list[Mark] = field(default_factory=list)
    complaint: Excerpt = field(default_factory=Excerpt)  # the suite's own system-err

    @property
    def is_root(self) -> bool:
        return self.parent is None and self.suites > 0


def around(suite: Suite) -> Iterator[Suite]:
    """Yield a suite and those it lies in, innermost first."""
    at: Suite | None = suite
    while at is not None:
        yield at
        at = at.parent


@dataclass(slots=True)
class Case:
    """One ``<testcase>``."""

    suite: Suite
    attributes: dict[str, str]
    marks: list[Mark] = field(default_factory=list)
    properties: dict[str, Excerpt] = field(default_factory=dict)


@dataclass(slots=True)
class Markup:
    """Everything kept of a file, in its order; ``digest`` is SHA-256 in hex."""

    cases: list[Case]
    suites: list[Suite]
    digest: str


def read_markup(stream: BinaryIO) -> Markup:
    """Return the cases and suites of a JUnit XML file, reading it once in chunks.

    Raises: :class:`UnreadableReport` for what is not well-formed XML, has a DOCTYPE, is
        nested too deeply or is another format; :class:`TooLarge` above the limits.
    """
    collector = _Collector()
    parser = DefusedXMLParser(target=collector, forbid_dtd=True)
    digest = hashlib.sha256()
    size = 0
    try:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > FILE_LIMIT:
                raise TooLarge(
                    _("A JUnit file may have %(limit)s MB. Split it by suite.")
                    % {"limit": FILE_LIMIT // 2**20}
                )
            digest.update(chunk)
            parser.feed(chunk)
        if not size:
            raise UnreadableReport.because(
                _("The file is empty: the job wrote nothing."), code="empty_report"
            )
        parser.close()
    except DTDForbidden as forbidden:
        raise _doctype(forbidden) from forbidden
    except (ParseError, DefusedXmlException, LookupError, ValueError) as malformed:
        raise UnreadableReport.because(
            _(
                "The file is not well-formed XML (%(reason)s). It may be cut off or "
                "wrongly encoded: export it again."
            )
            % {"reason": malformed},
            code="malformed_xml",
        ) from malformed
    return Markup(collector.cases, collector.suites, digest.hexdigest())


def _doctype(forbidden: DTDForbidden) -> UnreadableReport:
    if str(forbidden.name).lower() == "html":
        return _not_junit("html")
    return UnreadableReport.because(
        _("The file has a DOCTYPE, which can hide attacks. Remove that line."),
        code="doctype_forbidden",
    )


def _not_junit(root: str) -> UnreadableReport:
    known = _OTHER_FORMATS.get(root)
    seen = _("it looks like %(format)s") % {"format": known} if known else ""
    detail = _("This is not JUnit XML: its root is <%(root)s>") % {"root": root[:50]}
    cure = _("Send a report whose root is <testsuites> or <testsuite>.")
    return UnreadableReport.because(
        f"{detail}{', ' if seen else ''}{seen}. {cure}", code="not_junit"
    )


class _Collector:
    """The parser's target: keeps cases and suites, drops everything else at once."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.suites: list[Suite] = []
        self._suite: Suite | None = None
        self._case: Case | None = None
        self._text: Excerpt | None = None
        self._outside: list[tuple[Suite | None, Case | None, Excerpt | None]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if len(self._outside) >= DEPTH_LIMIT:
            raise UnreadableReport.because(
                _("The file nests elements more than %(limit)s deep.")
                % {"limit": DEPTH_LIMIT},
                code="too_deep",
            )
        self._outside.append((self._suite, self._case, self._text))
        if name in SUITES:
            self._open_suite(attributes)
        elif self._suite is None:
            raise _not_junit(name)
        elif name == "testcase":
            self._open_case(self._suite, attributes)
        else:
            self._open_detail(self._suite, name, attributes)

    def end(self, tag: str) -> None:
        self._suite, self._case, self._text = self._outside.pop()

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.add(text)

    def close(self) -> None:
        """Nothing is left to do; the parser asks every target."""

    def _open_suite(self, attributes: dict[str, str]) -> None:
        if self._suite is not None:
            self._suite.suites += 1
        self._suite, self._case, self._text = Suite(self._suite, attributes), None, None
        self.suites.append(self._suite)

    def _open_case(self, suite: Suite, attributes: dict[str, str]) -> None:
        if len(self.cases) >= CASE_LIMIT:
            raise TooLarge(
                _("A JUnit file may have %(limit)s cases. Split it by suite.")
                % {"limit": CASE_LIMIT}
            )
        suite.cases += 1
        self._case, self._text = Case(suite, attributes), None
        self.cases.append(self._case)

    def _open_detail(self, suite: Suite, name: str, attributes: dict[str, str]) -> None:
        owner = self._case or suite
        if name in MARKS:
            mark = Mark(name, attributes.get("message", ""))
            owner.marks.append(mark)
            suite.errors += name == "error"
            self._text = mark.excerpt
        elif name == "property" and self._case:
            self._text = self._kept_property(self._case, attributes)
        elif name == "system-err" and owner is suite:
            self._text = suite.complaint
        elif name != "stackTrace":  # Surefire wraps a mark's own text in it
            self._text = None

    def _kept_property(self, case: Case, attributes: dict[str, str]) -> Excerpt | None:
        name = attributes.get("name", "")
        if name not in KEPT_PROPERTIES:
            return None
        value = case.properties.setdefault(name, Excerpt())
        value.add(attributes.get("value", ""))
        return value
