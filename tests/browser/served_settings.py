"""The settings of tests, with static files as they are served: hashed and compressed."""

from qa_observability.settings import STORAGES as REAL_STORAGES
from tests.settings import *  # noqa: F403  Django reads the whole module

STORAGES = REAL_STORAGES
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
