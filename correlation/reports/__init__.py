"""What others may ask of tests and failures: frozen answers for pages, API and roof."""

from correlation.reports.backtests import BacktestReport, BacktestRow, backtest_report
from correlation.reports.blind_spots import BlindSpotsReport, blind_spots_report
from correlation.reports.correlations import CorrelationsReport, correlations_report
from correlation.reports.feedback import Feedback
from correlation.reports.inventory import (
    InventoryFilter,
    InventoryItem,
    InventoryReport,
    PricedInventoryItem,
    inventory_report,
)
from correlation.reports.links import Link
from correlation.reports.pairs import (
    Match,
    Pair,
    TestPairsReport,
    linked_pair,
    test_pairs_report,
)
from correlation.reports.protection import (
    PricedProtectionReport,
    ProtectionReport,
    protection_report,
)
from correlation.reports.recommendations import PricedRecommendation, Recommendation
from correlation.reports.useful_tests import UsefulTest, most_useful_tests

__all__ = [
    "BacktestReport",
    "BacktestRow",
    "BlindSpotsReport",
    "CorrelationsReport",
    "Feedback",
    "InventoryFilter",
    "InventoryItem",
    "InventoryReport",
    "Link",
    "Match",
    "Pair",
    "PricedInventoryItem",
    "PricedProtectionReport",
    "PricedRecommendation",
    "ProtectionReport",
    "Recommendation",
    "TestPairsReport",
    "UsefulTest",
    "backtest_report",
    "blind_spots_report",
    "correlations_report",
    "inventory_report",
    "linked_pair",
    "most_useful_tests",
    "protection_report",
    "test_pairs_report",
]
