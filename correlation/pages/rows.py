"""How does a link read as a row? Score, pattern, evidence, and the tags it carries."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from correlation.enums import Pattern
from correlation.reports import Link
from qa_observability.lib.periods import Period
from qa_observability.web.downloads import Cell
from qa_observability.web.times import duration_words

PAGE = "/dashboard/correlation/test-integration"


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link as shown; ``score`` and ``confidence`` are ratios (0-1)."""

    test: str
    integration: str
    integration_id: str
    score: Decimal
    strength_words: str
    pattern_words: str
    confidence: Decimal
    evidence: str
    sentence: str
    tags: tuple[str, ...]
    href: str


SORT_KEYS: Final[Mapping[str, Callable[[LinkRow], Any]]] = {
    "score": lambda row: row.score,
    "confidence": lambda row: row.confidence,
    "test": lambda row: row.test.casefold(),
    "integration": lambda row: row.integration,
    "pattern": lambda row: row.pattern_words,
}


def link_rows(links: Iterable[Link], period: Period) -> tuple[LinkRow, ...]:
    """Return links as rows, in their order."""
    return tuple(link_row(link, period) for link in links)


def link_row(link: Link, period: Period) -> LinkRow:
    """Return one link as a row that leads to the test's page."""
    return LinkRow(
        test=link.test_case_name,
        integration=link.integration_name,
        integration_id=link.integration_id,
        score=link.correlation_score,
        strength_words=str(link.correlation_type.label),
        pattern_words=str(link.pattern.label),
        confidence=link.confidence,
        evidence=evidence_words(link),
        sentence=link.sentence,
        tags=tuple(_tags(link)),
        href=case_address(link.test_case_id, period, link.integration_id),
    )


def evidence_words(link: Link) -> str:
    """Return hits of cases and the median distance: "7 of 9, median 38 min before"."""
    counted = _("%(hits)d of %(trials)d") % {"hits": link.hits, "trials": link.trials}
    if link.median_lag_seconds is None or link.pattern is Pattern.NONE:
        return counted
    text = {
        Pattern.PRECEDES: _("%(counted)s, median %(lag)s before"),
        Pattern.SIMULTANEOUS: _("%(counted)s, median %(lag)s apart"),
        Pattern.FOLLOWS: _("%(counted)s, median %(lag)s after"),
    }[link.pattern]
    return text % {
        "counted": counted,
        "lag": duration_words(abs(link.median_lag_seconds)),
    }


def case_address(test_case_id: str, period: Period, integration_id: str = "") -> str:
    """Return the address of a test's page; slashes in ids stay as they are."""
    query = {"period": period.value}
    if integration_id:
        query["integration"] = integration_id
    return f"{PAGE}/{quote(test_case_id)}?{urlencode(query)}"


def _tags(link: Link) -> list[str]:
    tags = [_("preliminary")] if link.preliminary else []
    if link.feedback is not None:
        tags.append(_("confirmed") if link.feedback.confirmed else _("not related"))
    return tags


def link_columns() -> tuple[str, ...]:
    """Return the heads of :func:`link_cells`."""
    return (
        _("Test"),
        _("Integration"),
        _("Score"),
        _("Strength"),
        _("Pattern"),
        _("Confidence"),
        _("What the evidence says"),
        _("Tags"),
    )


def link_cells(row: LinkRow) -> tuple[Cell, ...]:
    """Return a link as a row to take away."""
    return (
        row.test,
        row.integration,
        row.score,
        row.strength_words,
        row.pattern_words,
        row.confidence,
        row.sentence,
        ", ".join(row.tags),
    )
