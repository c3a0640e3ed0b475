"""Which fresh alarms announce a failure? One alert each, on strong links only."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from correlation.domain.zones import LONGEST_WINDOW_SECONDS
from correlation.enums import Pattern
from correlation.models import Alarm, TestIntegrationCorrelation
from correlation.reports.links import Link, shown_links
from correlation.reports.sentences import window_words
from integration_health.alerts import close_alert, raise_alert
from integration_health.enums import AlertKind, Severity
from integration_health.models import Alert, Incident

STRONG_ABOVE = Decimal("0.80")
SURE_FROM = Decimal("0.80")
_GROUP = "early warning: "


def raise_early_warnings(*, now: datetime) -> dict[str, int]:
    """Raise one alert per strong link whose test has just alarmed; close what is over.

    Strong: the test announces the integration with score above 0.8 and confidence from
    0.8, and nobody rejected the link. An alarm is fresh for one window; one that found
    the channel failing already announces nothing. Again changes nothing.
    Source: DESIGN section 6, "Alert".
    """
    announced = _announce(_newest(_fresh_alarms(now)), now)
    over = (
        Alert.objects.filter(kind=AlertKind.EARLY_WARNING, closed_at=None)
        .exclude(group__in=announced)
        .values_list("group", flat=True)
    )
    closed = [group for group in over if close_alert(group, now)]
    return {"warnings": len(announced), "warnings_closed": len(closed)}


def warn_of(tests: Collection[str], *, now: datetime) -> int:
    """Raise the alerts of fresh alarms of these tests, as their results come in.

    Returns how many are open of them, in the language of the sweep: everybody reads
    them, not only who brought the results. What this misses the next sweep raises.
    """
    alarms = _newest(_fresh_alarms(now).filter(test_case_id__in=tests))
    with translation.override(settings.LANGUAGE_CODE):
        return len(_announce(alarms, now))


def _announce(alarms: Mapping[str, datetime], now: datetime) -> set[str]:
    """Raise the alerts of alarms, the newest of each test; return their groups."""
    rows = list(_strong_links(alarms))
    if not rows:
        return set()
    failing = _Failing(now)
    announced = set()
    for row, link in zip(rows, shown_links(rows), strict=True):
        alarm_at = alarms[link.test_case_id]
        rejected = link.feedback and not link.feedback.confirmed
        if (
            rejected
            or now - alarm_at > timedelta(seconds=link.window_seconds)
            or failing.at(link.integration_id, alarm_at)
        ):
            continue
        announced.add(_raise(link, alarm_at, now, sample=row.test_case.sample).group)
    return announced


def _fresh_alarms(now: datetime) -> QuerySet[Alarm]:
    """Return the alarms within the longest window before now."""
    since = now - timedelta(seconds=LONGEST_WINDOW_SECONDS)
    return Alarm.objects.filter(failed_at__gt=since, failed_at__lte=now)


def _newest(alarms: QuerySet[Alarm]) -> dict[str, datetime]:
    rows = alarms.order_by().values_list("test_case_id")
    return dict(rows.annotate(Max("failed_at")))


def _strong_links(tests: Collection[str]) -> QuerySet[TestIntegrationCorrelation]:
    return TestIntegrationCorrelation.objects.filter(
        test_case_id__in=tests,
        pattern=Pattern.PRECEDES,
        correlation_score__gt=STRONG_ABOVE,
        confidence__gte=SURE_FROM,
    ).select_related("test_case", "integration")


class _Failing:
    """The incidents of the longest window before now."""

    def __init__(self, now: datetime) -> None:
        since = now - timedelta(seconds=LONGEST_WINDOW_SECONDS)
        self._spans = list(
            Incident.objects.standing()
            .filter(ended_at__gte=since)
            .values_list("integration_id", "started_at", "ended_at")
        )

    def at(self, integration_id: str, moment: datetime) -> bool:
        """Tell whether the integration was failing at a moment."""
        return any(
            slug == integration_id and started <= moment <= ended
            for slug, started, ended in self._spans
        )


def _raise(link: Link, alarm_at: datetime, now: datetime, *, sample: bool) -> Alert:
    return raise_alert(
        kind=AlertKind.EARLY_WARNING,
        severity=Severity.HIGH,
        group=f"{_GROUP}{link.test_case_id}: {link.integration_id}"[:200],
        title=_("%(test)s failed: %(integration)s may fail within %(window)s")
        % {
            "test": link.test_case_name[:150],
            "integration": link.integration_name,
            "window": window_words(link.window_seconds),
        },
        integration_id=link.integration_id,
        body=link.sentence,
        url=f"/dashboard/correlation/test-integration?test={link.test_case_id}",
        details={
            "testCaseId": link.test_case_id,
            "integrationId": link.integration_id,
            "correlationScore": float(link.correlation_score),
            "confidence": float(link.confidence),
            "failedAt": alarm_at.isoformat(),
        },
        now=now,
        sample=sample,
    )
