import pytest

from integration_health.domain.mapping import DEFAULT_RULES, MappingRule
from integration_health.models import EndpointRule


@pytest.mark.django_db
def test_a_new_installation_has_the_default_rules_in_order():
    stored = tuple(
        MappingRule(tuple(rule.tokens), rule.integration_key, rule.aspect or None)
        for rule in EndpointRule.objects.order_by("position")
    )

    assert stored == DEFAULT_RULES
