"""How do new results and incidents become new answers?"""

from correlation.refresh.backtests import run_backtest
from correlation.refresh.correlations import refresh_correlations

__all__ = ["refresh_correlations", "run_backtest"]
