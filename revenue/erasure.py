"""Where may this app name a person? Readers of reports go; reports are drawn anew."""

from django.utils.translation import gettext as _

from qa_observability.erasure import Fate, Place, delete_rows
from revenue.models import (
    ReportDelivery,
    ReportRecipient,
    RevenueAssumption,
    WeeklyReport,
)
from revenue.weekly.store import draw_again


def places() -> list[Place]:
    """Return every column of this app that holds free text, an address, or who acted."""
    return [
        Place(
            _("Reasons of revenue assumptions"),
            RevenueAssumption.objects.all(),
            ("reason", "actor"),
            Fate.MASK,
        ),
        Place(
            _("Recipients of weekly reports"),
            ReportRecipient.objects.all(),
            ("email",),
            Fate.DELETE,
            delete_rows,
        ),
        Place(
            _("Who added recipients"),
            ReportRecipient.objects.all(),
            ("added_by",),
            Fate.MASK,
        ),
        Place(
            _("Mails of weekly reports"),
            ReportDelivery.objects.all(),
            ("email",),
            Fate.DELETE,
            delete_rows,
        ),
        Place(
            _("Weekly reports"),
            WeeklyReport.objects.all(),
            ("content", "created_by"),
            Fate.MASK,
            redraw=draw_again,
        ),
    ]
