"""Which figures of money stand on nobody's word? Channels with default assumptions."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from revenue.reports.figures import AssumptionUsed
from revenue.reports.sources import effective_assumptions


@dataclass(frozen=True, slots=True)
class DefaultInUse:
    """A channel whose money rests, in part or whole, on what nobody said of it."""

    slug: str
    name: str
    remarks: tuple[str, ...]


def defaults_in_use(day: date, slugs: Collection[str]) -> tuple[DefaultInUse, ...]:
    """Return the channels among ``slugs`` with defaults on a UTC day. Two queries.

    Raises: ``AssumptionUnreadable``.
    """
    found = (
        DefaultInUse(each.integration_id, each.integration_name, tuple(_remarks(each)))
        for each in effective_assumptions(day)
        if each.integration_id in slugs
    )
    return tuple(each for each in found if each.remarks)


def _remarks(used: AssumptionUsed) -> Iterator[str]:
    if used.is_default and used.version is None:
        yield _("Nothing was said of it: the built-in values are used.")
    elif used.is_default:
        yield _("Nothing was said of it: the default of all integrations is used.")
    elif names := ", ".join(_inherited(used)):
        yield _("Taken from the default: %(names)s.") % {"names": names}
    if used.bookings_per_day is None:
        yield _("Without bookings a day nobody can say what was protected.")


def _inherited(used: AssumptionUsed) -> Iterator[str]:
    """Yield the values that come from the default and that money is multiplied by."""
    if "avg_booking_value" in used.inherited:
        yield _("booking value")
    if "leakage_percentage" in used.inherited:
        yield _("leakage")
    if "bookings_per_day" in used.inherited and used.bookings_per_day is not None:
        yield _("bookings a day")
