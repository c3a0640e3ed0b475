"""Where people look after tests, their results and their sources."""

from correlation.admin import links, results, sources, tests

__all__ = ["links", "results", "sources", "tests"]
