"""Which integrations are there?"""

from integration_health.models import Integration
from qa_observability.readings import read_once


@read_once
def known_integrations() -> tuple[Integration, ...]:
    """Return all, disabled ones too, in the order people gave them. One query."""
    return tuple(Integration.objects.in_order())
