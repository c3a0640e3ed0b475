"""The tables of money: what a booking is worth, and what was reported."""

from revenue.models.assumptions import RevenueAssumption, RevenueAssumptionQuerySet
from revenue.models.weekly import ReportDelivery, ReportRecipient, WeeklyReport

__all__ = [
    "ReportDelivery",
    "ReportRecipient",
    "RevenueAssumption",
    "RevenueAssumptionQuerySet",
    "WeeklyReport",
]
