"""Why is a status what it is? In words, naming the worst signal."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.domain.status import Finding, Signal, worst_finding
from integration_health.enums import HealthStatus, StatusSource, SyncStatus
from integration_health.models import Integration, IntegrationHealth
from qa_observability.lib.periods import ONE_DAY
from qa_observability.web.formats import exact_percent

_HOUR = timedelta(hours=1)


def reason_of(snapshot: IntegrationHealth, integration: Integration) -> str:
    """Return why the snapshot has its status: "Critical because error rate 6.1 % ≥ 5 %".

    A status typed by a person says so, with what the signals would have given.
    """
    finding = worst_finding(snapshot.signals, integration.bands)
    if snapshot.status_source == StatusSource.MANUAL:
        return _typed(snapshot, finding)
    if finding is None:
        return _("No data: the last check carried no signal.")
    return _because(finding)


def stale_reason(
    last_checked: datetime, expected_interval: timedelta, now: datetime
) -> str:
    """Return why a channel that once had data has no status now."""
    return _("No data: last checked %(age)s ago, expected every %(interval)s.") % {
        "age": duration_words(now - last_checked),
        "interval": duration_words(expected_interval),
    }


def never_checked_reason() -> str:
    """Return why a channel without any snapshot has no status."""
    return _("No data yet: nobody has recorded or sent a check.")


def duration_words(duration: timedelta) -> str:
    """Return a duration in its largest fitting unit: "45 min", "6 h", "3 days"."""
    if duration < _HOUR:
        return _("%(count)s min") % {"count": duration // timedelta(minutes=1)}
    if duration < 2 * ONE_DAY:
        return _("%(count)s h") % {"count": duration // _HOUR}
    days = duration // ONE_DAY
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def _because(finding: Finding) -> str:
    status = HealthStatus(finding.status)
    if finding.value is not None and finding.limit is not None:
        sign = "<" if status == HealthStatus.HEALTHY else "≥"
        value, limit = exact_percent(finding.value), exact_percent(finding.limit)
        words = f"{_name(finding.signal)} {value} {sign} {limit}"
    else:
        words = _("%(signal)s is %(state)s") % {
            "signal": _name(finding.signal),
            "state": SyncStatus(finding.sync).label if finding.sync else "",
        }
    return _("%(status)s because %(words)s") % {"status": status.label, "words": words}


def _typed(snapshot: IntegrationHealth, finding: Finding | None) -> str:
    label = HealthStatus(snapshot.status).label if snapshot.status else _("No data")
    set_by = _("%(status)s, set by hand by %(actor)s") % {
        "status": label,
        "actor": snapshot.actor or _("an unnamed person"),
    }
    if finding is None or finding.status == snapshot.status:
        return set_by
    return _("%(set_by)s; the signals say: %(computed)s") % {
        "set_by": set_by,
        "computed": _because(finding),
    }


def _name(signal: Signal) -> str:
    return {
        Signal.PRICING: _("pricing sync"),
        Signal.FEES: _("fees sync"),
        Signal.ERROR_RATE: _("error rate"),
        Signal.BOOKING_LOSS: _("booking loss"),
    }[signal]
