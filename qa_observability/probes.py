"""Is the process alive, and can it do its work?"""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from qa_observability.api.encoding import encode_json

PATIENCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the service needs, and what is wrong with it if anything."""

    name: str
    ok: bool
    detail: str = ""


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return _json({"status": "alive"}, 200)


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when database, migrations and broker are fine, else 503 saying which is not."""
    checks = [check_database(), check_broker()]
    ready = all(check.ok for check in checks)
    status = "ready" if ready else "unready"
    return _json({"status": status, "checks": checks}, 200 if ready else 503)


def check_database() -> Check:
    """Does the database answer, and has it every migration this code knows?"""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except (DatabaseError, InterfaceError) as away:
        return Check("database", ok=False, detail=type(away).__name__)
    missing = sorted(known_migrations() - set(applied))
    if missing:
        names = ", ".join(".".join(key) for key in missing)
        return Check("database", ok=False, detail=f"run migrate; missing: {names}")
    return Check("database", ok=True)


def check_broker() -> Check:
    """Does the broker answer within two seconds?"""
    try:
        with Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
        ) as broker:
            broker.ping()
    except RedisError as away:
        return Check("broker", ok=False, detail=type(away).__name__)
    return Check("broker", ok=True)


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return (app, name) of every migration on disk; read once per process."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _json(body: object, status: int) -> HttpResponse:
    return HttpResponse(
        encode_json(body), status=status, content_type="application/json"
    )
