"""Which rules map endpoints today? The stored ones, checked against the integrations."""

from collections.abc import Collection
from functools import lru_cache

from integration_health.domain.mapping import (
    AMBIGUOUS,
    OTHER_PREFIX,
    UNMAPPED,
    Mapped,
    MappingRule,
    RuleTable,
)
from integration_health.domain.routes import normalised
from integration_health.enums import Aspect
from integration_health.models import EndpointRule, Integration

LONGEST_KEY = 100

_ENDPOINTS_REMEMBERED = 5_000  # an export repeats its endpoints in every step

_NOT_OTHERS = (UNMAPPED, AMBIGUOUS)


class StoredRules:
    """The enabled endpoint rules as they stood when this was made. Two queries.

    ``trial`` is a rule as if it were stored: added, or in the place of its former self.
    """

    def __init__(self, trial: EndpointRule | None = None) -> None:
        self.slugs: tuple[str, ...] = tuple(
            Integration.objects.in_order().values_list("slug", flat=True)
        )
        self._table = RuleTable(
            MappingRule(
                tuple(rule.tokens),
                _known_key(rule.integration_key, self.slugs),
                Aspect(rule.aspect) if rule.aspect else None,
            )
            for rule in _enabled(trial)
        )

        self._of_endpoint = lru_cache(maxsize=_ENDPOINTS_REMEMBERED)(self._place)

    def place(self, endpoint: str) -> tuple[str, Mapped]:
        """Return the route of an endpoint as exported, and where it belongs."""
        return self._of_endpoint(endpoint)

    def resolve(self, route: str, query: str = "") -> Mapped:
        """Return where a route belongs: a stored integration, ``other:``, or neither."""
        return self._table.resolve(route, query)

    def _place(self, endpoint: str) -> tuple[str, Mapped]:
        found = normalised(endpoint)
        return found.route, self._table.resolve(found.route, found.query)


def _enabled(trial: EndpointRule | None) -> list[EndpointRule]:
    """Return the enabled rules in their order."""
    stored = EndpointRule.objects.filter(enabled=True)
    if trial is None:
        return list(stored)
    others = [rule for rule in stored if rule.pk != trial.pk]
    rules = [*others, trial] if trial.enabled else others
    return sorted(rules, key=lambda rule: (rule.position, rule.pk))


def _known_key(key: str, slugs: Collection[str]) -> str:
    """Return the key of a rule; one that names no integration names a partner."""
    if not key or key in slugs or key in _NOT_OTHERS or key.startswith(OTHER_PREFIX):
        return key
    return f"{OTHER_PREFIX}{key}"[:LONGEST_KEY]
