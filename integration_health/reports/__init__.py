"""What others may ask of channel health: frozen answers for pages, API and siblings."""

from integration_health.reports.detail import integration_detail
from integration_health.reports.events import events_page
from integration_health.reports.facts import ChannelFacts, money_facts
from integration_health.reports.incidents import (
    incident_detail,
    incidents_page,
    open_incidents,
)
from integration_health.reports.overview import health_overview, integration_states

__all__ = [
    "ChannelFacts",
    "events_page",
    "health_overview",
    "incident_detail",
    "incidents_page",
    "integration_detail",
    "integration_states",
    "money_facts",
    "open_incidents",
]
