"""What others may ask of money: frozen answers for pages, API, exports and neighbours."""

from revenue.reports.explain import ExplainedImpact, explained_impact
from revenue.reports.impact import ImpactReport, impact_report
from revenue.reports.timeseries import TimeseriesReport, timeseries_report
from revenue.reports.totals import money_at_risk, money_by_type
from revenue.reports.what_if import WhatIfReport, what_if_report

__all__ = [
    "ExplainedImpact",
    "ImpactReport",
    "TimeseriesReport",
    "WhatIfReport",
    "explained_impact",
    "impact_report",
    "money_at_risk",
    "money_by_type",
    "timeseries_report",
    "what_if_report",
]
