"""When does each job run? UTC, and why then."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab, schedstate

_SLIP = timedelta(minutes=1)  # a clock that is nudged repeats no run
_LONG_AGO = timedelta(days=1)


class Cron(crontab):
    """A crontab that a clock put right again cannot silence.

    A run noted while the clock was ahead would keep its job from running until the clock
    comes by again, days later: such a job runs at once instead.
    """

    def is_due(self, last_run_at: datetime) -> schedstate:
        now = self.now()
        if self.maybe_make_aware(last_run_at) > now + _SLIP:
            last_run_at = now - _LONG_AGO
        return super().is_due(last_run_at)


BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "correlation: refresh what is new": {
        "task": "correlation.tasks.refresh_recent",
        "schedule": Cron(minute="*/15"),  # answers are at most a quarter hour old
    },
    "correlation: refresh everything": {
        "task": "correlation.tasks.refresh_everything",
        "schedule": Cron(minute=20, hour=2),  # night in Europe and the Americas' end
    },
    "tests: remove what is past 13 months": {
        "task": "correlation.tasks.remove_old_test_results",
        "schedule": Cron(minute=0, hour=3),  # after the nightly refresh
    },
    "events: make partitions ahead": {
        "task": "integration_health.tasks.make_partitions_ahead",
        "schedule": Cron(minute=10, hour=0),  # weeks before the first row needs one
    },
    "events: remove what is past 90 days": {
        "task": "integration_health.tasks.remove_old_events",
        "schedule": Cron(minute=40, hour=1),
    },
    "events: compare rollups with rows": {
        "task": "integration_health.tasks.check_rollups",
        "schedule": Cron(minute=10, hour=4),  # after the cleanup, before people come
    },
    "imports: forget uploads nobody committed": {
        "task": "integration_health.tasks.forget_old_uploads",
        "schedule": Cron(minute=35),  # a file waits 24 hours, 25 at most
    },
    "incidents: find new ones": {
        "task": "integration_health.tasks.sweep_incidents",
        "schedule": Cron(),  # an incident is found within a minute of its events
    },
    "health: mark what went stale": {
        "task": "integration_health.tasks.sweep_freshness",
        "schedule": Cron(minute="*/5"),
    },
    "people: forget old sign-ins": {
        "task": "qa_observability.tasks.forget_sign_ins",
        "schedule": Cron(minute=50, hour=1),
    },
    "reports: write last week's": {
        "task": "qa_observability.roof.weekly.tasks.write_weekly_report",
        # the job knows when it is Monday 06:00 in the reporting zone, whatever its offset
        "schedule": Cron(minute="*/15"),
    },
    "revenue: compare reports with what came since": {
        "task": "revenue.tasks.judge_estimate",
        "schedule": Cron(minute=40, hour=4),  # after the rollups were compared
    },
    "reports: send what waits": {
        "task": "revenue.tasks.deliver_reports",
        "schedule": Cron(),  # who asked for a report gets it within a minute
    },
}


def schedule_without(apps: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the schedule without the jobs of apps that are switched off."""
    return {
        name: entry
        for name, entry in BEAT_SCHEDULE.items()
        if entry["task"].partition(".")[0] not in apps
    }
