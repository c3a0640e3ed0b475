"""Where may this app name a person? Only in the reasons people gave; they are masked."""

from django.utils.translation import gettext as _

from qa_observability.erasure import Fate, Place
from revenue.models import RevenueAssumption


def places() -> list[Place]:
    """Return every column of this app that holds free text."""
    return [
        Place(
            _("Reasons of revenue assumptions"),
            RevenueAssumption.objects.all(),
            ("reason",),
            Fate.MASK,
        ),
    ]
