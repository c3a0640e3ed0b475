"""How does the sample quarter come in? Through the same verbs as real data."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

from django.db import transaction

from correlation.ingest.files import Upload, import_junit, import_lines
from correlation.refresh import refresh_correlations, run_backtest
from integration_health.enums import Source
from integration_health.imports import import_splunk_export
from integration_health.incidents import sweep
from integration_health.incidents.actions import resolve
from integration_health.ingest.snapshots import record_snapshots
from integration_health.models import Incident
from qa_observability import sample_registry
from qa_observability.sample.hands import (
    assumptions,
    hand_entries,
    mark_deploys,
    plan_maintenance,
)
from qa_observability.sample.story import Story, tell
from qa_observability.sample.suites import (
    NIGHTLY_SOURCE,
    SMOKE_SOURCE,
    nightly_reports,
    smoke_lines,
)
from qa_observability.sample.traffic import exports
from revenue.configure import Authorship, set_assumption

ACTOR = "sample"
RECENT = timedelta(hours=6)  # younger incidents are still being looked at
Progress = Callable[[str], None]


def load_sample(*, now: datetime, progress: Progress) -> dict[str, int]:
    """Load the quarter that ends at ``now`` in one transaction; return rows by kind.

    An earlier sample is replaced; real data beside it stays. ``progress`` is told each
    step in words.
    """
    story = tell(now)
    with transaction.atomic():
        sample_registry.purge_all(now)
        counts = _configure(story, now)
        progress("assumptions, maintenance and deploys set")
        counts |= _health(story, now, progress)
        counts |= _tests(story, now, progress)
    refresh_correlations(now=now, full=True)
    progress("links between tests and channels judged")
    run_backtest(now=now)
    progress("links held against the last thirty days")
    return counts


def _configure(story: Story, now: datetime) -> dict[str, int]:
    authorship = Authorship(None, "Sample quarter", now, sample=True)
    for channel, values in assumptions().items():
        set_assumption(
            channel, values, authorship, valid_from=story.start.date(), currency="USD"
        )
    plan_maintenance(story)
    return {"deploys": len(mark_deploys(story))}


def _health(story: Story, now: datetime, progress: Progress) -> dict[str, int]:
    """Import the exports, enter HMBN's mornings by hand, look for incidents."""
    rows = 0
    for export in exports(story):
        summary = import_splunk_export(
            BytesIO(export.content),
            name=export.name,
            by=None,
            now=now,
            source=Source.SAMPLE,
            keep_sample=True,
        )
        rows += summary.accepted
        progress(f"{export.name}: {summary.accepted} rows")
    entries = record_snapshots(
        hand_entries(story), source=Source.SAMPLE, actor=ACTOR, now=now
    )
    sweep(now)
    _resolve_what_is_over(now)
    incidents = Incident.objects.filter(sample=True).count()
    progress(f"{incidents} incidents found")
    return {"export_rows": rows, "entries": len(entries), "incidents": incidents}


def _resolve_what_is_over(now: datetime) -> None:
    """Let somebody close what recovered, half an hour later, as a team would."""
    over = Incident.objects.unresolved().filter(sample=True, ended_at__lt=now - RECENT)
    for incident in over:
        resolve(
            incident.pk,
            by=ACTOR,
            now=incident.ended_at + timedelta(minutes=30),
            text="Recovered; checked by hand.",
        )


def _tests(story: Story, now: datetime, progress: Progress) -> dict[str, int]:
    """Send the smoke runs line by line and the nights as JUnit files."""
    results = 0
    for lines in smoke_lines(story):
        results += import_lines(BytesIO(lines), _upload(SMOKE_SOURCE), now=now).accepted
    progress(f"{results} smoke results")
    for report in nightly_reports(story):
        results += import_junit(
            BytesIO(report.content), _upload(NIGHTLY_SOURCE, report.run_id), now=now
        ).accepted
    progress(f"{results} test results in all")
    return {"results": results}


def _upload(source: str, run_id: str = "") -> Upload:
    return Upload(source=source, run_id=run_id, keep_sample=True, sample=True)
