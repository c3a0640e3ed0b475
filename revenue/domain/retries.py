"""When is a mail that failed tried again?"""

from datetime import timedelta

MOST_ATTEMPTS = 10  # about a day: a mail server that stays away longer needs a person
_FIRST_PAUSE = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(hours=6)


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after the ``attempts``-th failure; None: give up.

    Five minutes, then twice as long each time, six hours at most.
    Raises: ``ValueError`` when nothing was attempted yet.
    """
    if attempts < 1:
        raise ValueError("a pause follows an attempt")
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(_FIRST_PAUSE * (1 << (attempts - 1)), _LONGEST_PAUSE)
