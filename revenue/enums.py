"""The words of this app: how money is counted, and for which failures."""

from enum import StrEnum


class Method(StrEnum):
    """How failures of pricing and fees become lost bookings."""

    PER_FAILURE = "per_failure"
    BY_RATE = "by_rate"


class ImpactType(StrEnum):
    """The event types that cost money; every other type is only counted."""

    PRICING = "pricing_sync_error"
    FEES = "fee_sync_error"
    BOOKING_LOSS = "booking_loss"


class Rule(StrEnum):
    """What a quantity is multiplied with to become money."""

    FAILURES_LEAK = "failures_leak"
    """failures x booking value x leakage"""
    FAILURES_LOSE = "failures_lose"
    """failures x booking value"""
    RATE_LEAKS = "rate_leaks"
    """bookings per day x days of error x booking value x leakage"""
    RATE_LOSES = "rate_loses"
    """bookings per day x days of loss x booking value"""


class Basis(StrEnum):
    """What a figure stands on, or why it is unknown."""

    PER_FAILURE = "per_failure"
    BY_RATE = "by_rate"
    MIXED = "mixed"
    BENCHMARK = "benchmark"
    BOOKINGS_PER_DAY_MISSING = "bookings_per_day_missing"
    NO_COVERAGE = "no_coverage"
