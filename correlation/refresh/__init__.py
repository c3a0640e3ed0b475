"""How do new results and incidents become new answers?"""

from correlation.refresh.backtests import run_backtest
from correlation.refresh.correlations import begin_full_refresh, refresh_correlations
from correlation.refresh.parts import count_free_parts, plan_refresh

__all__ = [
    "begin_full_refresh",
    "count_free_parts",
    "plan_refresh",
    "refresh_correlations",
    "run_backtest",
]
