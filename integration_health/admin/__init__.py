"""Where people enter, correct and configure channel health by hand."""

from integration_health.admin import (
    configuration,
    events,
    imports,
    records,
    snapshots,
)

__all__ = ["configuration", "events", "imports", "records", "snapshots"]
