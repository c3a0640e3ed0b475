"""Which jobs keep channel health true while nobody looks?"""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from celery import Task, shared_task
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueAway

from integration_health.imports.background import finish_upload
from integration_health.imports.options import Overlap
from integration_health.imports.remap import remap_imports
from integration_health.imports.remap_progress import REMAP_JOB, tell_progress
from integration_health.imports.uploads import remove_old_uploads
from integration_health.incidents import sweep
from integration_health.models import EventDay, Integration
from integration_health.refresh.event_days import check_event_day
from integration_health.refresh.maintenance import remark_maintenance
from integration_health.refresh.retention import make_partitions, remove_old
from integration_health.refresh.statuses import note_staleness
from qa_observability.faults import AWAY
from qa_observability.jobs import recorded
from qa_observability.lib.errors import ApplicationError
from qa_observability.lib.periods import Window, utc_day

AGAIN_AFTER = 5  # seconds; another stretch is being marked


@shared_task
@recorded("integration_health.make_partitions_ahead")
def make_partitions_ahead() -> dict[str, int]:
    """Make the weeks that events will need, before they need them."""
    return {"weeks": make_partitions(timezone.now())}


@shared_task
@recorded("integration_health.remove_old_events")
def remove_old_events() -> dict[str, int]:
    """Remove events past 90 days, and all else past its time."""
    return remove_old(timezone.now())


@shared_task
@recorded("integration_health.sweep_incidents")
def sweep_incidents() -> dict[str, int]:
    """Find the incidents in what came in since the last minute."""
    return sweep(timezone.now())


@shared_task
@recorded("integration_health.sweep_freshness")
def sweep_freshness() -> dict[str, int]:
    """Note which channels went stale."""
    now = timezone.now()
    stale = 0
    for slug in Integration.objects.enabled().values_list("slug", flat=True):
        with transaction.atomic():
            integration = Integration.objects.select_for_update(no_key=True).get(
                pk=slug
            )
            stale += note_staleness(integration, now)
    return {"went_stale": stale}


@shared_task
@recorded("integration_health.check_rollups")
def check_rollups() -> dict[str, int]:
    """Compare yesterday's rollups with their rows; repair what disagrees."""
    yesterday = utc_day(timezone.now() - timedelta(days=1))
    slugs = EventDay.objects.filter(day=yesterday).values_list(
        "integration_id", flat=True
    )
    checks = [check_event_day(slug, yesterday) for slug in sorted(set(slugs))]
    wrong = sum(not check.agreed for check in checks)
    return {"checked": len(checks), "repaired": wrong}


@shared_task
@recorded("integration_health.forget_old_uploads")
def forget_old_uploads() -> dict[str, int]:
    """Forget files that were looked at and never imported."""
    return {"uploads": remove_old_uploads(timezone.now())}


@shared_task(autoretry_for=AWAY, retry_backoff=True)
def import_upload(batch_id: str, *, replace: bool, user_id: int) -> None:
    """Import a long file that is marked as running; a refusal is kept with the file."""
    with suppress(ApplicationError):  # it is kept with the file, for who asks
        finish_upload(
            UUID(batch_id),
            overlap=Overlap.REPLACE if replace else Overlap.REFUSE,
            by=User.objects.filter(pk=user_id).first(),
            now=timezone.now(),
        )


@shared_task
@recorded(REMAP_JOB)
def remap_past(user_id: int) -> dict[str, int]:
    """Map the imports of the last 90 days by today's rules, for the user who asked."""
    return remap_imports(
        by=User.objects.filter(pk=user_id).first(),
        now=timezone.now(),
        told=tell_progress,
    )


@shared_task(bind=True, autoretry_for=AWAY, retry_backoff=True, max_retries=None)
def mark_maintenance(
    self: "Task[Any, None]", slug: str | None, start: str, end: str
) -> None:
    """Mark the events of a long stretch by the windows as they stand, one at a time."""
    if "skipped" in _mark(slug, start, end):
        raise self.retry(countdown=AGAIN_AFTER)


def mark_maintenance_later(slug: str | None, reach: Window) -> None:
    """Hand a stretch to the job once what asks for it is stored.

    Without a queue it is done at once: the person waits, and nothing is lost.
    """
    ends = (reach.start.isoformat(), reach.end.isoformat())
    transaction.on_commit(partial(_hand_over, slug, *ends))


def _hand_over(slug: str | None, start: str, end: str) -> None:
    try:
        mark_maintenance.delay(slug, start, end)
    except QueueAway:
        _mark(slug, start, end)


@recorded("integration_health.mark_maintenance")
def _mark(slug: str | None, start: str, end: str) -> dict[str, int]:
    reach = Window(datetime.fromisoformat(start), datetime.fromisoformat(end))
    return {"events": remark_maintenance(slug, reach, timezone.now())}
