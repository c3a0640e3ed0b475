"""What need a server not look through for garbage? All that was loaded to stay."""

import gc
from importlib import import_module

from django.conf import settings

# New containers before a look through the young ones, and looks before one through older
# ones: a report of a page makes tens of thousands that all live until it is sent.
_THRESHOLDS = (20_000, 20, 50)


def leave_what_stays() -> None:
    """Load the routes and keep the collector away from what is loaded by now.

    Without it one request in twenty waited for a look through the whole program, which
    cost more than the request. To be called once, when a server process has started.
    """
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
