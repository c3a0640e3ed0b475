"""Where people enter, correct and configure channel health by hand."""

from integration_health.admin import imports

__all__ = ["imports"]
