"""How are jobs and their states called?"""

from django.utils.translation import gettext as _

from qa_observability.roof.jobs.report import JobState


def job_words(job: str) -> str:
    """Return what a job does, in words; one nobody named by its own name."""
    known = {
        "correlation: refresh what is new": _("Links of tests: what is new"),
        "correlation: refresh everything": _("Links of tests: all again"),
        "tests: remove what is past 13 months": _("Test results: remove old ones"),
        "integration_health.make_partitions_ahead": _("Events: make room ahead"),
        "integration_health.remove_old_events": _("Events: remove old ones"),
        "integration_health.check_rollups": _("Events: compare sums with rows"),
        "integration_health.forget_old_uploads": _("Imports: forget old uploads"),
        "integration_health.sweep_incidents": _("Incidents: find new ones"),
        "integration_health.sweep_freshness": _("Health: mark what went stale"),
        "integration_health.mark_maintenance": _("Events: mark maintenance again"),
        "integration_health.remap_past": _("Imports: map the past again"),
        "qa_observability.forget_sign_ins": _("Sign-ins: forget old ones"),
        "qa_observability.write_weekly_report": _("Reports: write the week's"),
        "revenue.deliver_reports": _("Reports: send what waits"),
        "revenue.judge_estimate": _("Reports: compare with what came since"),
    }
    return known.get(job, job)


def state_words(state: JobState) -> str:
    """Return a job's state in a word or two."""
    return {
        JobState.LATE: _("Late"),
        JobState.LOST: _("Never ended"),
        JobState.FAILED: _("Failed"),
        JobState.NEVER: _("Not run yet"),
        JobState.RUNNING: _("Running"),
        JobState.DONE: _("Done"),
    }[state]
