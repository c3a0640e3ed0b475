"""How are the periods called?"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qa_observability.lib.periods import Period


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """One choice of the period selector."""

    value: str
    label: str


def period_words(period: Period) -> str:
    """Return a period in words: "30 days"."""
    return {
        Period.WEEK: _("7 days"),
        Period.MONTH: _("30 days"),
        Period.QUARTER: _("90 days"),
        Period.YEAR: _("1 year"),
    }[period]


def period_choices() -> tuple[PeriodChoice, ...]:
    """Return the four choices, shortest first."""
    return tuple(PeriodChoice(p.value, period_words(p)) for p in Period)
