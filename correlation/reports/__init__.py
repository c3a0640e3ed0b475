"""What others may ask of tests and failures: frozen answers for pages, API and roof."""

from correlation.reports.backtests import BacktestReport, BacktestRow, backtest_report
from correlation.reports.blind_spots import BlindSpotsReport, blind_spots_report
from correlation.reports.correlations import CorrelationsReport, correlations_report
from correlation.reports.feedback import Feedback
from correlation.reports.links import Link
from correlation.reports.pairs import Match, Pair, TestPairsReport, test_pairs_report
from correlation.reports.recommendations import PricedRecommendation, Recommendation

__all__ = [
    "BacktestReport",
    "BacktestRow",
    "BlindSpotsReport",
    "CorrelationsReport",
    "Feedback",
    "Link",
    "Match",
    "Pair",
    "PricedRecommendation",
    "Recommendation",
    "TestPairsReport",
    "backtest_report",
    "blind_spots_report",
    "correlations_report",
    "test_pairs_report",
]
