"""Tables of tests, results, alarms and links."""

from correlation.models.backtests import Backtest
from correlation.models.links import LinkFeedback, TestIntegrationCorrelation
from correlation.models.results import Alarm, TestCase, TestResult, TestSource

__all__ = [
    "Alarm",
    "Backtest",
    "LinkFeedback",
    "TestCase",
    "TestIntegrationCorrelation",
    "TestResult",
    "TestSource",
]
