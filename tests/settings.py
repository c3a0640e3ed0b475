"""The real settings, with what a test run changes."""

import os

from tests.engines import choose_place

os.environ.setdefault("SECRET_KEY", "a-secret-for-tests-only-" + "x" * 40)
os.environ.setdefault(
    "REVENUE_KEYS", "test:" + "dGVzdCBrZXkgb2YgMzIgYnl0ZXMgaXMgdGhpcyBvbmU="
)
choose_place()
os.environ.setdefault("REDIS_URL", "redis://localhost:1/0")
os.environ.setdefault("HTTPS_ONLY", "0")

from qa_observability.settings import *
from qa_observability.settings import STORAGES

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
WHITENOISE_AUTOREFRESH = True  # files as they are: nothing was collected
WHITENOISE_USE_FINDERS = True
