"""Django settings: one file, fixed order, no branch on an environment's name."""

from datetime import timedelta

import django_stubs_ext

from qa_observability.env import (
    BASE_DIR,
    LOCAL_DIR,
    celery_broker,
    database,
    env,
    mail,
    read_files,
    required,
    secret,
    site_address,
)
from qa_observability.log_config import logging_config
from qa_observability.schedule import schedule_without

django_stubs_ext.monkeypatch()
read_files()

# Secrets and hosts
SECRET_KEY = secret("SECRET_KEY")
REVENUE_KEYS = required(
    "REVENUE_KEYS",
    "Start with `make run`, which creates one, or set it to id:base64-of-32-bytes.",
)
DEBUG = env.bool("DEBUG", default=False)
# This machine itself may always ask: a container's health check does.
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *env.list("ALLOWED_HOSTS", default=[]),
]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS_ONLY = env.bool("HTTPS_ONLY", default=True)
SITE_ADDRESS = site_address()

# Features
INTEGRATION_HEALTH_ENABLED = env.bool("INTEGRATION_HEALTH_ENABLED", default=True)
REVENUE_IMPACT_ENABLED = env.bool("REVENUE_IMPACT_ENABLED", default=True)
CORRELATION_ENABLED = env.bool("CORRELATION_ENABLED", default=True)

# Applications
INSTALLED_APPS = [
    "qa_observability",
    "integration_health",
    "revenue",
    "correlation",
    "qa_observability.apps.RoleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "qa_observability.apps.SignInsConfig",
]
MIDDLEWARE = [
    "qa_observability.request_ids.RequestIdMiddleware",
    "qa_observability.metrics.middleware.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "qa_observability.faults.FaultsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qa_observability.web.middleware.reader_preferences",
    "qa_observability.web.middleware.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qa_observability.headers.permissions_policy",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "qa_observability.urls"
WSGI_APPLICATION = "qa_observability.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qa_observability.roof.frame.frame",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Database, cache, sessions
DATABASES = {"default": database()}
REDIS_URL = required(
    "REDIS_URL",
    "Start `make run` first (it starts Valkey and says where), or set it to "
    "redis://host:port/0.",
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "qa",
        # A server that hangs must not hold whoever asks: seconds, then as if it were away.
        "OPTIONS": {"socket_timeout": 1.0, "socket_connect_timeout": 1.0},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_SAVE_EVERY_REQUEST = False

# People
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/dashboard"
LOGOUT_REDIRECT_URL = "sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "next", "csrfmiddlewaretoken"]
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "qa_observability.sign_in.locked_out"
AXES_VERBOSE = False

# Language and time
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
# Each in its own words; a language is offered when its catalogue is whole.
LANGUAGES = [("en", "English"), ("pt-br", "Português (Brasil)")]
LOCALE_PATHS = [BASE_DIR / "qa_observability" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
REPORTING_TIME_ZONE = env.str("REPORTING_TIME_ZONE", default="UTC")

# Files
STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": LOCAL_DIR / "uploads"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Web security
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY else None
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS_ONLY
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_HTTPONLY = False  # the browsable API's script reads it
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "qa_observability.api.authentication.TokenAuthentication",
        "qa_observability.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "qa_observability.api.permissions.MethodPermission",
    ],
    "DEFAULT_RENDERER_CLASSES": [
        "qa_observability.api.renderers.CamelCaseJSONRenderer",
        "qa_observability.api.renderers.BrowsableRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": ["qa_observability.api.parsers.CamelCaseJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "qa_observability.api.schema.ContractSchema",
    "DEFAULT_THROTTLE_CLASSES": ["qa_observability.api.throttles.CallerThrottle"],
    "DEFAULT_THROTTLE_RATES": {"caller": env.str("THROTTLE_RATE", default="1200/min")},
    "EXCEPTION_HANDLER": "qa_observability.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "QA Observability",
    "DESCRIPTION": "Channel health, what failures cost, and which tests announce them.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_PUBLIC": True,  # the whole document, to whoever is signed in
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "qa_observability.api.schema.names_as_on_the_wire",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# Jobs
CELERY_BROKER_URL = celery_broker(REDIS_URL)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 3000
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # above the longest task, CELERY_TASK_TIME_LIMIT
    "unacked_restore_interval": 10,  # else a killed worker's task waits minutes
    "unacked_restore_throttle": 1,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "qa_observability.beat.OneBeat"
CELERY_BEAT_SCHEDULE = schedule_without(
    {
        app
        for app, enabled in (
            ("integration_health", INTEGRATION_HEALTH_ENABLED),
            ("revenue", REVENUE_IMPACT_ENABLED),
            ("correlation", CORRELATION_ENABLED),
        )
        if not enabled
    }
)

# Mail
EMAIL_CONFIG = mail()
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 20  # seconds: a silent mail server must not hold a worker
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="qa-observability@localhost")

# Metrics and logs
METRICS_NETWORKS = env.list("METRICS_NETWORKS", default=[])  # read /metrics unasked
LOGGING = logging_config(level=env.str("LOG_LEVEL", default="INFO"))
