"""Tables of tests, results, alarms and links."""

from correlation.models.backtests import Backtest
from correlation.models.evidence import AlarmChange, EvidenceDay
from correlation.models.links import LinkFeedback, TestIntegrationCorrelation
from correlation.models.results import Alarm, TestCase, TestResult, TestSource

__all__ = [
    "Alarm",
    "AlarmChange",
    "Backtest",
    "EvidenceDay",
    "LinkFeedback",
    "TestCase",
    "TestIntegrationCorrelation",
    "TestResult",
    "TestSource",
]
