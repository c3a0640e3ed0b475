"""Where people look after tests, their results and their sources."""

from correlation.admin import results, sources, tests

__all__ = ["results", "sources", "tests"]
