"""Why does a channel have its status? Each signal against its limits."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from integration_health.domain.status import Band
from integration_health.enums import HealthStatus, StatusSource, SyncStatus
from integration_health.reports.detail import IntegrationDetail
from qa_observability.roof.detail.tiles import limits_words
from qa_observability.web import statuses
from qa_observability.web.explanations import ExplanationPage, Line
from qa_observability.web.formats import percent
from qa_observability.web.times import absolute, duration


def status_explanation(detail: IntegrationDetail) -> ExplanationPage:
    """Return the four signals judged, and what the status stands on."""
    query = urlencode({"period": detail.period.value})
    slug = detail.integration_id
    limits = detail.thresholds
    errors = Band(limits.error_rate_warning, limits.error_rate_critical)
    loss = Band(limits.booking_loss_warning, limits.booking_loss_critical)
    return ExplanationPage(
        title=_("Status of %(name)s, explained") % {"name": detail.name},
        sentence=detail.reason,
        lines=(
            _sync_line(_("Pricing sync"), detail.pricing_sync_status),
            _sync_line(_("Fees sync"), detail.fees_sync_status),
            _rate_line(_("Error rate"), detail.error_rate, errors),
            _rate_line(_("Booking loss"), detail.booking_loss_rate, loss),
        ),
        total="",
        facts=_facts(detail),
        exclusions=(
            _(
                "The status is the worst signal of the newest check; unknown ones are left out."
            ),
            _("A check older than twice the expected interval gives no status."),
        ),
        back=f"/dashboard/integrations/{slug}?{query}",
        back_label=detail.name,
        json=f"/api/v1/integrations/health/{slug}?{query}&explain=1",
    )


def _sync_line(label: str, sync: SyncStatus | None) -> Line:
    formula = _("OK is healthy, a warning is a warning, an error is critical.")
    return Line(label, formula, statuses.sync(sync))


def _rate_line(label: str, rate: Decimal | None, band: Band) -> Line:
    status: HealthStatus | None = None if rate is None else band.status(rate)
    return Line(label, f"{percent(rate)}: {limits_words(band)}", statuses.badge(status))


def _facts(detail: IntegrationDetail) -> tuple[tuple[str, str], ...]:
    zone = timezone.get_current_timezone()
    checked = absolute(detail.last_checked, zone) if detail.last_checked else _("never")
    by_hand = detail.status_source is StatusSource.MANUAL
    return (
        (_("Newest check"), checked),
        (_("Source"), str(detail.source.label) if detail.source else _("none")),
        (_("Set by"), detail.actor or _("nobody in particular")),
        (
            _("Status typed by hand"),
            _("yes; the signals alone say %(status)s")
            % {"status": statuses.status_words(detail.computed_status)}
            if by_hand
            else _("no"),
        ),
        (
            _("Data expected every"),
            duration(timedelta(seconds=detail.expected_interval_seconds)),
        ),
    )
