"""Where people enter, correct and configure channel health by hand."""

from integration_health.admin import (
    configuration,
    endpoint_rules,
    events,
    imports,
    records,
    snapshots,
)

__all__ = [
    "configuration",
    "endpoint_rules",
    "events",
    "imports",
    "records",
    "snapshots",
]
