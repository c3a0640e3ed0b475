"""What is said of incidents? Sentences, definitions, and why a cost is unknown."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.enums import IncidentState
from integration_health.pages.words import mid_sentence
from integration_health.reports.incidents import IncidentItem
from qa_observability.roof.incidents.rows import IncidentRow, what_failed
from qa_observability.web.formats import money, number
from qa_observability.web.times import duration, relative
from revenue.reports.incidents import Unknown


def inbox_sentence(
    rows: tuple[IncidentRow, ...], total: int, currency: str, *, is_filtered: bool
) -> str:
    """Return the inbox's first line; ``rows`` are the unresolved ones, the worst first.

    ``currency`` is empty without the right to see money.
    """
    if not rows:
        if is_filtered:
            return _("No open incident matches the filters.")
        return _("No open incidents.")
    worst = rows[0]
    if not currency or worst.so_far is None or worst.per_hour is None:
        return ngettext(
            "%(count)s open incident, on %(channel)s.",
            "%(count)s open incidents, the most urgent on %(channel)s.",
            total,
        ) % {"count": number(total), "channel": worst.integration}
    return ngettext(
        "%(count)s open incident, on %(channel)s: it cost about %(so_far)s so far, about "
        "%(per_hour)s an hour while it lasted.",
        "%(count)s open incidents. The worst, on %(channel)s, cost about %(so_far)s so "
        "far, about %(per_hour)s an hour while it lasted.",
        total,
    ) % {
        "count": number(total),
        "channel": worst.integration,
        "so_far": about(worst.so_far, currency),
        "per_hour": about(worst.per_hour, currency),
    }


def about(amount: Decimal, currency: str) -> str:
    """Return an estimated amount to follow the word "about"."""
    return money(amount, currency, estimated=True).removeprefix("≈")


def incident_sentence(item: IncidentItem, now: datetime) -> str:
    """Return what happened and where it stands, the first line of an incident's page."""
    lasted = timedelta(seconds=item.duration_seconds)
    facts = {
        "channel": item.integration_name,
        "count": number(item.occurrences),
        "lasted": duration(lasted),
        "what": ", ".join(map(mid_sentence, what_failed(item))),
    }
    happened = (
        ngettext(
            "%(channel)s failed %(count)s time within %(lasted)s: %(what)s.",
            "%(channel)s failed %(count)s times within %(lasted)s: %(what)s.",
            item.occurrences,
        )
        if lasted
        else ngettext(
            "%(channel)s failed %(count)s time: %(what)s.",
            "%(channel)s failed %(count)s times at one moment: %(what)s.",
            item.occurrences,
        )
    )
    return f"{happened % facts} {state_sentence(item, now)}"


def state_sentence(item: IncidentItem, now: datetime) -> str:
    """Return where an incident stands and who put it there."""
    if item.state is IncidentState.WITHDRAWN:
        return _("Withdrawn: late data took its evidence away.")
    if item.state is IncidentState.RESOLVED and item.resolved_at is not None:
        age = relative(item.resolved_at, now)
        if not item.resolved_by:
            return _("Resolved by itself, after a week without failures.")
        return _("Resolved by %(who)s, %(age)s.") % {
            "who": item.resolved_by,
            "age": age,
        }
    if item.state is IncidentState.ACKNOWLEDGED and item.acknowledged_at is not None:
        return _("Open: %(who)s acknowledged it %(age)s.") % {
            "who": item.acknowledged_by,
            "age": relative(item.acknowledged_at, now),
        }
    return _("Open: nobody has acknowledged it yet.")


def unknown_words(unknown: Unknown | None) -> str:
    """Return why a cost is unknown; empty when it is known."""
    return {
        None: "",
        Unknown.NO_PRICE: _("Failures of these kinds have no price."),
        Unknown.BOOKINGS_PER_DAY_MISSING: _("Bookings per day are not set."),
        Unknown.NOT_KEPT: _("Events of that time are no longer kept."),
    }[unknown]


def definitions(*, with_money: bool) -> tuple[tuple[str, str], ...]:
    """Return what the words on pages of incidents mean."""
    return (*_about_incidents(), *(_about_cost() if with_money else ()))


def _about_incidents() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("Incident"),
            _(
                "A burst of failures that is unlikely to be chance on this channel; "
                "failures at most 15 minutes apart belong together."
            ),
        ),
        (
            _("Open"),
            _(
                "Nobody has resolved it. Acknowledged ones count as open. One that nobody "
                "acknowledges is resolved after a week without failures; one that goes on "
                "failing within 15 minutes opens again."
            ),
        ),
        (
            _("Time to detect"),
            _(
                "From the first failure to the moment this system found it. Incidents in "
                "data that came more than a day after their last failure are left out: "
                "nobody could have watched them."
            ),
        ),
        (
            _("Source"),
            _(
                "Who told of its first failure: a program, an import, a poller, a person."
            ),
        ),
        (
            _("Time to recover"),
            _("From the first failure to the resolution; only resolved ones have it."),
        ),
    )


def _about_cost() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("Cost so far"),
            _(
                "The share of its days' revenue at risk that its failures are, so that "
                "incidents never add up to more than the revenue page. An estimate."
            ),
        ),
        (
            _("Cost per hour"),
            _(
                "Cost so far, divided by the ten-minute intervals the incident touches, "
                "six of which make an hour."
            ),
        ),
    )
