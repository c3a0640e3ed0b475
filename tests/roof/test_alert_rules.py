"""The alert rules speak of metrics that are measured."""

import re
from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from qa_observability.metrics.families import FAMILIES, Histogram
from qa_observability.roof.metrics import ServiceCollector

FILE = Path(__file__).parents[2] / "deploy" / "prometheus-alerts.yml"
RULES = yaml.safe_load(FILE.read_text())["groups"][0]["rules"]


def suffixes(family):
    return ("bucket", "count", "sum") if isinstance(family, Histogram) else ("total",)


@pytest.fixture
def measured(db, broker):
    counted = {
        f"{family.name}_{suffix}" for family in FAMILIES for suffix in suffixes(family)
    }
    return counted | {
        family.name for family in ServiceCollector(timezone.now()).collect()
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_speaks_of_what_is_measured(rule, measured):
    named = set(re.findall(r"qa_\w+", rule["expr"]))

    assert named - measured == set()
    assert named or rule["alert"] == "QaServiceDown"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_says_what_to_do(rule):
    assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
    assert set(rule["annotations"]) == {"summary", "action"}
    assert rule["labels"]["severity"] in {"warning", "critical"}
