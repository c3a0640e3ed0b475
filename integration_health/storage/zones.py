"""Which time zones may be named? Those that the database and Python both know."""

from functools import lru_cache
from zoneinfo import available_timezones

from django.db import connection


@lru_cache(maxsize=1)
def known_zones() -> tuple[str, ...]:
    """Return the IANA names, sorted; one query per process, as they are few and stay.

    The database reads recurring maintenance by its own list of zones, forms by Python's;
    the two are of different releases, and some names are of one machine only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names")
        stored = {name for (name,) in cursor.fetchall()}
    return tuple(sorted(stored & available_timezones()))
