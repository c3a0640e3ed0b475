import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from integration_health.enums import BatchState
from integration_health.imports.background import finish_upload, start_upload
from integration_health.imports.importing import run_import
from integration_health.imports.options import ImportOptions, Overlap
from integration_health.imports.progress import rows_read_so_far
from integration_health.imports.summary import ImportStatus
from integration_health.imports.uploads import (
    KEPT_FOR,
    commit_upload,
    discard_upload,
    keep_upload,
    kept_preview,
    remove_old_uploads,
)
from integration_health.models import ImportBatch, IntegrationEvent
from qa_observability.lib.errors import Conflict
from tests.integration_health.imports.imports import (
    DATA,
    DAY,
    NOW,
    import_file,
    lines,
    stat,
)

pytestmark = pytest.mark.django_db

OPTIONS = ImportOptions(
    window=DAY, complete=True, zone=ZoneInfo("Europe/Berlin"), keep_sample=True
)


def keep(content, options=OPTIONS):
    return keep_upload(io.BytesIO(content), options, name="x.json", by=None, now=NOW)


@pytest.fixture
def example():
    return (DATA / "endpoint_stats.ndjson").read_bytes()


def commit(batch, overlap=Overlap.REFUSE):
    return commit_upload(batch.pk, overlap=overlap, by=None, now=NOW)


def test_a_preview_stores_the_file_and_nothing_else(example):
    preview = keep(example)

    batch = ImportBatch.objects.get()
    assert (batch.state, batch.rows_read, preview.summary.status) == (
        BatchState.WAITING,
        14,
        ImportStatus.DRY_RUN,
    )
    with default_storage.open(batch.upload.name) as kept:
        assert kept.read() == example
    assert not IntegrationEvent.objects.exists()


def test_a_kept_preview_shows_what_was_seen(example):
    preview = keep(example)

    shown = kept_preview(ImportBatch.objects.get())

    assert (shown.summary, shown.rows) == (preview.summary, preview.rows)
    assert len(shown.rows) == 14


def test_commit_imports_under_the_id_it_waited_with(
    example, django_capture_on_commit_callbacks
):
    waiting = keep(example).batch

    with django_capture_on_commit_callbacks(execute=True):
        summary = commit(waiting)

    batch = ImportBatch.objects.get()
    assert (summary.import_id, batch.pk, batch.state, batch.complete) == (
        waiting.pk,
        waiting.pk,
        BatchState.COMMITTED,
        True,
    )
    assert not default_storage.exists(waiting.upload.name)


def test_what_was_imported_meanwhile_is_a_duplicate(example):
    waiting = keep(example, ImportOptions(window=DAY)).batch
    import_file("endpoint_stats.ndjson", window=DAY)

    assert commit(waiting).status is ImportStatus.DUPLICATE
    assert not ImportBatch.objects.filter(state=BatchState.WAITING).exists()


def test_an_overlap_goes_on_waiting_until_it_may_replace(example):
    import_file("endpoint_stats.ndjson", window=DAY)
    preview = keep(lines([stat("/vrbo/a", 10, 1)]).encode())

    with pytest.raises(Conflict):
        commit(preview.batch)

    assert [each.code for each in preview.summary.warnings] == ["overlap"]
    assert commit(preview.batch, Overlap.REPLACE).status is ImportStatus.COMMITTED


@pytest.mark.parametrize("name", ["empty.ndjson", "bad/multivalue_endpoint.ndjson"])
def test_a_file_without_rows_is_not_kept(name):
    preview = keep((DATA / name).read_bytes())

    assert (preview.batch, preview.summary.status) == (None, ImportStatus.EMPTY)
    assert not ImportBatch.objects.exists()


def test_a_discarded_file_is_forgotten(example, django_capture_on_commit_callbacks):
    waiting = keep(example).batch

    with django_capture_on_commit_callbacks(execute=True):
        discard_upload(waiting.pk)

    assert not ImportBatch.objects.exists()
    assert not default_storage.exists(waiting.upload.name)


def test_only_a_waiting_file_can_be_committed_or_discarded(example):
    waiting = keep(example).batch
    commit(waiting)

    with pytest.raises(Conflict):
        commit(waiting)
    with pytest.raises(Conflict):
        discard_upload(waiting.pk)


def test_a_file_that_vanished_from_the_storage_is_said(example):
    waiting = keep(example).batch
    default_storage.delete(waiting.upload.name)

    with pytest.raises(Conflict):
        commit(waiting)


def finish(batch, overlap=Overlap.REFUSE):
    return finish_upload(batch.pk, overlap=overlap, by=None, now=NOW)


def test_a_started_file_is_imported_once(example):
    waiting = keep(example).batch
    start_upload(waiting.pk)

    with pytest.raises(Conflict):
        start_upload(waiting.pk)
    summary = finish(waiting)

    assert (summary.status, summary.import_id) == (ImportStatus.COMMITTED, waiting.pk)
    with pytest.raises(Conflict):
        finish(waiting)


def test_a_running_import_tells_how_far_it_is(monkeypatch, example):
    monkeypatch.setattr("integration_health.imports.intake.TOLD_EVERY", 5)
    waiting = keep(example).batch
    start_upload(waiting.pk)
    before = rows_read_so_far(waiting.pk)

    finish(waiting)

    assert (before, rows_read_so_far(waiting.pk)) == ((0, False), (14, True))


def test_an_import_came_in_when_its_file_did_and_never_after_it_was_committed(example):
    waiting = keep(example).batch
    ImportBatch.objects.update(created_at=NOW - timedelta(minutes=5))
    start_upload(waiting.pk)

    finish(waiting)
    at_once = import_file("raw_events.ndjson")

    batches = ImportBatch.objects.in_bulk([waiting.pk, at_once.import_id])
    assert [
        (batches[pk].created_at, batches[pk].committed_at)
        for pk in (waiting.pk, at_once.import_id)
    ] == [(NOW - timedelta(minutes=5), NOW), (NOW, NOW)]


def test_a_running_import_tells_now_and_then_while_it_reads(monkeypatch, example):
    monkeypatch.setattr("integration_health.imports.intake.TOLD_EVERY", 5)
    heard = []

    run_import(
        io.BytesIO(example),
        ImportOptions(window=DAY),
        name="x.json",
        by=None,
        now=NOW,
        told=lambda rows, *, are_all=False: heard.append((rows, are_all)),
    )

    assert heard == [(5, False), (10, False), (14, True)]


def test_what_refuses_a_started_file_is_kept_with_it(example):
    import_file("endpoint_stats.ndjson", window=DAY)
    waiting = keep(lines([stat("/vrbo/a", 10, 1)]).encode()).batch
    start_upload(waiting.pk)

    with pytest.raises(Conflict) as refused:
        finish(waiting)

    kept = ImportBatch.objects.get(pk=waiting.pk)
    assert (kept.state, kept.error) == (BatchState.WAITING, refused.value.detail)


def test_files_are_forgotten_after_a_day(example, django_capture_on_commit_callbacks):
    waiting = keep(example).batch
    created = ImportBatch.objects.get().created_at

    with django_capture_on_commit_callbacks(execute=True):
        kept = remove_old_uploads(created + KEPT_FOR)
        removed = remove_old_uploads(created + KEPT_FOR + timedelta(seconds=1))

    assert (kept, removed) == (0, 1)
    assert not default_storage.exists(waiting.upload.name)


def test_an_import_that_never_ended_is_told_as_failed(
    example, django_capture_on_commit_callbacks
):
    waiting = keep(example).batch
    start_upload(waiting.pk)
    created = ImportBatch.objects.get().created_at

    with django_capture_on_commit_callbacks(execute=True):
        removed = remove_old_uploads(created + KEPT_FOR + timedelta(seconds=1))

    batch = ImportBatch.objects.get()
    assert (removed, batch.state, batch.error, batch.upload) == (
        1,
        BatchState.FAILED,
        "The import did not end within 24 hours.",
        "",
    )
    assert not default_storage.exists(waiting.upload.name)


def test_imports_are_never_forgotten_as_uploads():
    import_file("endpoint_stats.ndjson", window=DAY)

    assert remove_old_uploads(timezone.now() + timedelta(days=9)) == 0
