"""Which moments of a result do we believe?"""

from datetime import UTC, datetime, timedelta

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before it, a clock that was never set
BELIEVED_AHEAD = timedelta(days=1)  # zones and skew; further ahead is a mistake


def is_believable(at: datetime, *, now: datetime) -> bool:
    """Return whether an aware moment lies from the year 2000 to one day after ``now``.

    Source: contracts/junit.md, section 6.
    """
    return EARLIEST <= at <= now + BELIEVED_AHEAD
