"""Tables of channel health, by topic."""

from integration_health.models.bursts import BurstDay
from integration_health.models.events import (
    EventDay,
    EventHour,
    Failure,
    IntegrationEvent,
)
from integration_health.models.health import HealthDay, IntegrationHealth
from integration_health.models.imports import (
    EndpointRule,
    EndpointStat,
    EndpointTraffic,
    ImportBatch,
    RejectedRow,
)
from integration_health.models.incidents import (
    Incident,
    IncidentEntry,
    IncidentTicket,
)
from integration_health.models.integration import Integration
from integration_health.models.operations import (
    Alert,
    Annotation,
    MaintenanceWindow,
    StatusTransition,
)

__all__ = [
    "Alert",
    "Annotation",
    "BurstDay",
    "EndpointRule",
    "EndpointStat",
    "EndpointTraffic",
    "EventDay",
    "EventHour",
    "Failure",
    "HealthDay",
    "ImportBatch",
    "Incident",
    "IncidentEntry",
    "IncidentTicket",
    "Integration",
    "IntegrationEvent",
    "IntegrationHealth",
    "MaintenanceWindow",
    "RejectedRow",
    "StatusTransition",
]
