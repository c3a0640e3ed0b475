import io

import pytest
from django.core.files.storage import default_storage

from integration_health.enums import BatchKind, BatchState
from integration_health.imports.background import (
    abandon_start,
    belongs_in_background,
    finish_upload,
    hand_in,
)
from integration_health.imports.history import import_detail
from integration_health.imports.options import ImportOptions, Overlap
from integration_health.imports.progress import tell_rows_read
from integration_health.imports.summary import ImportStatus
from integration_health.models import ImportBatch, IntegrationEvent
from qa_observability.lib.errors import Conflict, InvalidField
from qa_observability.lib.periods import Window
from tests.integration_health.imports.imports import (
    DATA,
    DAY,
    NOW,
    import_file,
    lines,
    minutes,
    stat,
)

pytestmark = pytest.mark.django_db

OPTIONS = ImportOptions(window=DAY, keep_sample=True)


@pytest.fixture
def example():
    return (DATA / "endpoint_stats.ndjson").read_bytes()


def handed_in(content, options=OPTIONS):
    return hand_in(io.BytesIO(content), options, name="C:\\x\\long.json", by=None)


def finish(batch, overlap=Overlap.REFUSE):
    return finish_upload(batch.pk, overlap=overlap, by=None, now=NOW)


def stored():
    batch = ImportBatch.objects.get()
    return batch.pk, batch.state, batch.error


def test_a_file_of_8_mib_is_waited_for_and_a_longer_one_is_not():
    assert [belongs_in_background(8 * 1024**2 + more) for more in (0, 1)] == [
        False,
        True,
    ]


def test_a_file_handed_in_runs_and_nothing_is_stored_yet(example):
    batch, new = handed_in(example)
    tell_rows_read(batch.pk, 7)

    detail = import_detail(batch.pk)
    assert (new, detail.status, detail.shape, detail.file_name) == (
        True,
        BatchState.RUNNING,
        BatchKind.ENDPOINT_STATS,
        "long.json",
    )
    assert (detail.rows_so_far, detail.read, detail.error) == (7, 0, "")
    with default_storage.open(batch.upload.name) as kept:
        assert kept.read() == example
    assert not IntegrationEvent.objects.exists()


def test_it_is_imported_under_the_id_it_was_handed_in_with(
    example, django_capture_on_commit_callbacks
):
    batch, _new = handed_in(example)

    with django_capture_on_commit_callbacks(execute=True):
        summary = finish(batch)

    assert (summary.status, summary.import_id) == (ImportStatus.COMMITTED, batch.pk)
    assert stored() == (batch.pk, BatchState.COMMITTED, "")
    assert import_detail(batch.pk).rows_so_far is None
    assert not default_storage.exists(batch.upload.name)
    with pytest.raises(Conflict):
        finish(batch)


def test_the_same_file_with_the_same_choices_runs_once(example):
    first, _new = handed_in(example)
    again, new = handed_in(example)
    other, other_new = handed_in(
        example, ImportOptions(window=Window(DAY.start, DAY.end - minutes(1)))
    )

    assert (again.pk, new) == (first.pk, False)
    assert (other.pk != first.pk, other_new) == (True, True)


def test_a_file_of_known_rows_says_where_they_are(example):
    batch, _new = handed_in(example)
    earlier = import_file("endpoint_stats.ndjson", window=DAY)

    summary = finish(batch)

    assert (summary.status, summary.import_id) == (
        ImportStatus.DUPLICATE,
        earlier.import_id,
    )
    detail = import_detail(batch.pk)
    assert (detail.status, detail.read, detail.accepted, detail.duplicates) == (
        BatchState.FAILED,
        14,
        0,
        14,
    )
    assert detail.error.startswith("The same rows were imported on ")


def test_a_file_without_rows_says_so():
    batch, _new = handed_in((DATA / "empty.ndjson").read_bytes())

    assert finish(batch).status is ImportStatus.EMPTY
    assert stored() == (
        batch.pk,
        BatchState.FAILED,
        "The file has no rows to store. Nothing added.",
    )


def test_what_refuses_it_is_told_and_its_copy_goes(
    example, django_capture_on_commit_callbacks
):
    import_file("endpoint_stats.ndjson", window=DAY)
    batch, _new = handed_in(lines([stat("/vrbo/a", 10, 1)]).encode())

    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(Conflict) as refused,
    ):
        finish(batch)

    detail = import_detail(batch.pk)
    assert (detail.status, detail.error) == (BatchState.FAILED, refused.value.detail)
    assert not default_storage.exists(batch.upload.name)


def test_an_overlap_may_be_replaced(example):
    import_file("endpoint_stats.ndjson", window=DAY)
    batch, _new = handed_in(lines([stat("/vrbo/a", 10, 1)]).encode())

    assert finish(batch, Overlap.REPLACE).status is ImportStatus.COMMITTED


def test_a_window_that_is_missing_is_refused_at_once(example):
    with pytest.raises(InvalidField) as refused:
        handed_in(example, ImportOptions())

    assert refused.value.code == "window_required"
    assert not ImportBatch.objects.exists()


def test_a_start_nobody_heard_of_has_failed(
    example, django_capture_on_commit_callbacks
):
    batch, _new = handed_in(example)

    with django_capture_on_commit_callbacks(execute=True):
        abandon_start(batch.pk, "The queue is away.")

    assert stored() == (batch.pk, BatchState.FAILED, "The queue is away.")
    assert not default_storage.exists(batch.upload.name)


def test_an_import_that_ended_is_not_abandoned(example):
    batch, _new = handed_in(example)
    finish(batch)

    abandon_start(batch.pk, "The queue is away.")

    assert stored() == (batch.pk, BatchState.COMMITTED, "")
