"""What is the answer of the overview, in words?"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.enums import HealthStatus
from integration_health.reports.overview import HealthOverview, IntegrationState
from qa_observability.web.times import relative, short_moment

_TROUBLE = frozenset({HealthStatus.CRITICAL, HealthStatus.WARNING})


def overview_sentence(health: HealthOverview, since: datetime | None) -> str:
    """Return the overview's first line: what needs attention, or that nothing does.

    ``since`` is when the channel that drives the overall health took its state; None
    when nobody knows. Of several channels in trouble the worst gives the reason.
    """
    states = health.integrations
    healthy = sum(state.status == HealthStatus.HEALTHY for state in states)
    if states and healthy == len(states):
        return ngettext(
            "The one channel is healthy.", "All %(all)d channels are healthy.", healthy
        ) % {"all": healthy}
    share = _("%(healthy)d of %(all)d channels healthy.") % {
        "healthy": healthy,
        "all": len(states),
    }
    troubled = [state for state in states if state.status in _TROUBLE]
    if troubled:
        return f"{_trouble(health, troubled, since)} {share}"
    return f"{health.overall_reason} {share}" if states else health.overall_reason


def since_words(since: datetime, now: datetime) -> str:
    """Return since when, in the reader's zone: "since Tue 14:05 (2 h ago)"."""
    local = since.astimezone(timezone.get_current_timezone())
    is_recent = (now - since).days < _DAYS_OF_A_WEEK
    written = date_format(local, "D H:i") if is_recent else short_moment(local)
    return _("since %(moment)s (%(age)s)") % {
        "moment": written,
        "age": relative(since, now),
    }


_DAYS_OF_A_WEEK = 7


def _trouble(
    health: HealthOverview, troubled: Sequence[IntegrationState], since: datetime | None
) -> str:
    worst = next(s for s in troubled if s.integration_id == health.driver)
    names = [worst.name, *(state.name for state in troubled if state is not worst)]
    attention = ngettext(
        "%(names)s needs attention.", "%(names)s need attention.", len(names)
    ) % {"names": _listed(names)}
    reason = worst.reason if len(names) == 1 else f"{worst.name}: {worst.reason}"
    if since is not None:
        reason = f"{reason}, {since_words(since, health.generated_at)}"
    return f"{attention} {reason}."


def _listed(names: Sequence[str]) -> str:
    if len(names) <= 1:
        return "".join(names)
    first, last = ", ".join(names[:-1]), names[-1]
    return _("%(first)s and %(last)s") % {"first": first, "last": last}
