"""How is a week's report made? Composed, kept and, when asked, sent: by hand or when due."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from integration_health.reports.overview import health_overview
from qa_observability.audit import SYSTEM, Actor, record
from qa_observability.features import is_enabled
from qa_observability.lib.errors import Conflict
from qa_observability.lib.periods import Period
from qa_observability.lib.weeks import IsoWeek, due_week, last_complete_week
from qa_observability.roof.weekly.compose import compose, is_first_use
from revenue.models import WeeklyReport
from revenue.weekly.store import store_report


def write_report(
    week: IsoWeek | None, *, actor: Actor, now: datetime, send: bool
) -> WeeklyReport:
    """Write a further version of a week's report now; the last complete week unless named.

    ``send``: let a mail wait for each recipient. ``actor`` is None for a command.
    Raises: :class:`Conflict` for a week that is not over, or while revenue is off.
    """
    chosen = week or last_complete_week(now)
    if chosen > last_complete_week(now):
        raise Conflict(
            _("%(week)s is not over. The newest complete week is %(newest)s.")
            % {"week": chosen, "newest": last_complete_week(now)},
            code="week_not_over",
        )
    if not is_enabled("revenue"):
        raise Conflict(_("Revenue is switched off on this installation."))
    by = SYSTEM if actor is None else actor.get_username()
    report = _written(chosen, by=by, now=now, is_scheduled=False, send=send)
    after = {"week": str(chosen), "version": report.version, "sent": send}
    record(actor, "weekly_report.written", report, after=after)
    return report


def write_due_report(now: datetime) -> WeeklyReport | None:
    """Write and send the report that is due, once per ISO week; None when nothing is.

    Due from Monday 06:00 in ``REPORTING_TIME_ZONE`` on; after an outage the newest week
    is made up for, older ones are not. Where no channel was ever checked nothing is due.
    """
    week = due_week(now, ZoneInfo(settings.REPORTING_TIME_ZONE))
    scheduled = WeeklyReport.objects.of_week(week).filter(is_scheduled=True)
    if not is_enabled("revenue") or scheduled.exists():
        return None
    if is_first_use(health_overview(period=Period.WEEK, now=now)):
        return None
    return _written(week, by=SYSTEM, now=now, is_scheduled=True, send=True)


def _written(
    week: IsoWeek, *, by: str, now: datetime, is_scheduled: bool, send: bool
) -> WeeklyReport:
    """Write in the house's language and zone: readers of one mail are many."""
    zone = ZoneInfo(settings.REPORTING_TIME_ZONE)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(zone):
        content = compose(week, now=now)
        return store_report(content, by=by, is_scheduled=is_scheduled, send=send)
