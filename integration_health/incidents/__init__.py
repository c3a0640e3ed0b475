"""When did a channel fail? Incidents are found from events, and people act on them."""

from integration_health.incidents.search import recompute, sweep

__all__ = ["recompute", "sweep"]
