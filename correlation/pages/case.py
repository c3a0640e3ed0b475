"""How does one test stand to each channel? Its pairs, drawn and listed case by case."""

from dataclasses import dataclass
from datetime import datetime

from correlation.enums import Pattern
from correlation.pages.lanes import Lanes, lanes
from correlation.pages.rows import LinkRow, link_row
from correlation.reports import Feedback, test_pairs_report
from qa_observability.lib.periods import Period


@dataclass(frozen=True, slots=True)
class PairBlock:
    """The test and one channel; ``is_linked`` tells whether a pattern was found."""

    row: LinkRow
    lanes: Lanes
    is_linked: bool
    feedback: Feedback | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page of one test prints, the channel asked for first."""

    test_case_id: str
    name: str
    pairs: tuple[PairBlock, ...]


def case_page(
    test_case_id: str, *, period: Period, now: datetime, integration: str = ""
) -> CasePage:
    """Return the page of one test. Raises: ``NotFound`` for an unknown one."""
    report = test_pairs_report(test_case_id, period=period, now=now, with_money=False)
    pairs = sorted(
        report.correlations, key=lambda pair: pair.integration_id != integration
    )
    return CasePage(
        test_case_id=report.test_case_id,
        name=report.test_case_name,
        pairs=tuple(
            PairBlock(
                row=link_row(pair, period),
                lanes=lanes(pair, report.window, key=f"lanes-{pair.integration_id}"),
                is_linked=pair.pattern is not Pattern.NONE,
                feedback=pair.feedback,
            )
            for pair in pairs
        ),
    )
