"""When did a channel fail? Incidents are found from events, and people act on them."""

from integration_health.incidents.search import recompute, recompute_at_once, sweep

__all__ = ["recompute", "recompute_at_once", "sweep"]
