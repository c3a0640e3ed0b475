"""Which incidents are asked for? One reading of the filters for lists, inbox and times."""

from dataclasses import dataclass
from typing import Final

from integration_health.models import Incident
from integration_health.models.incidents import IncidentQuerySet


@dataclass(frozen=True, slots=True)
class IncidentFilters:
    """What to keep; an empty value keeps all but withdrawn ones."""

    integration_id: str = ""
    state: str = ""
    severity: str = ""


ALL_STANDING: Final = IncidentFilters()


def chosen_incidents(filters: IncidentFilters) -> IncidentQuerySet:
    """Return the incidents that the filters keep; without a state, what still stands."""
    asked = {
        "state": filters.state,
        "integration": filters.integration_id,
        "severity": filters.severity,
    }
    found = Incident.objects.filter(
        **{name: value for name, value in asked.items() if value}
    )
    return found if filters.state else found.standing()
