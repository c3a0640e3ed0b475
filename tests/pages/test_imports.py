"""Imports: what came in, one file with its refused rows, and taking it back."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from integration_health.enums import BatchState
from integration_health.imports import import_splunk_export
from integration_health.imports.background import start_upload
from integration_health.imports.options import ImportOptions
from integration_health.imports.progress import tell_rows_read
from integration_health.imports.uploads import keep_upload
from integration_health.models import ImportBatch, IntegrationEvent
from integration_health.pages import imports_export
from integration_health.pages.imports import MOST_ROWS, imports_list
from tests.integration_health.imports.imports import lines, stat
from tests.pages.test_exports import rows_of, table
from tests.pages.world import text_of

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/imports"
UNKNOWN = "/dashboard/imports/00000000-0000-0000-0000-000000000000"


def rows(at, *, bad=0):
    good = [
        stat("/v9/airbnb/rates", 100, 7, at=at),
        stat("/v9/nobody/knows", 10, 1, at=at),
    ]
    return lines([*good, *[stat("/v9/airbnb/fees", "many", 0, at=at)] * bad])


def bring_in(*, ago=timedelta(hours=3), bad=0, name="export.json", by=None):
    now = timezone.now()
    content = rows((now - ago).replace(second=0, microsecond=0), bad=bad)
    summary = import_splunk_export(
        io.BytesIO(content.encode()), name=name, by=by, now=now
    )
    return ImportBatch.objects.get(pk=summary.import_id)


def look_at(name="waits.json"):
    now = timezone.now()
    content = rows((now - timedelta(hours=9)).replace(second=0, microsecond=0))
    kept = keep_upload(
        io.BytesIO(content.encode()), ImportOptions(), name=name, by=None, now=now
    )
    return kept.batch


def batches(count, **more):
    return [
        ImportBatch.objects.create(kind="raw_events", file_name=f"file-{n}", **more)
        for n in range(count)
    ]


def test_before_the_first_file_the_page_says_what_belongs_here(viewer, engineer):
    for_viewer, for_engineer = text_of(viewer.get(PAGE)), text_of(engineer.get(PAGE))

    assert "No file was imported yet." in for_viewer
    assert "Your account may look but not import." in for_viewer
    assert "Your account may look" not in for_engineer
    assert "Import a Splunk export" in for_engineer


def test_the_list_tells_what_became_of_each_file(viewer):
    ana = User.objects.create_user("ana")
    bring_in(bad=2, by=ana)

    response = viewer.get(PAGE)

    page = text_of(response)
    assert "The newest import is export.json, just now: 2 rows accepted." in page
    assert "export.json Committed just now ana" in page
    row = page.split("export.json Committed")[1]
    assert row.split("UTC ")[1].startswith("2 2 0")  # accepted, refused, ignored


def test_refused_rows_are_a_file_away(viewer):
    batch = bring_in(bad=2)
    address = f"/api/v1/integrations/imports/{batch.pk}/rejected"

    listed, page = viewer.get(PAGE), viewer.get(f"{PAGE}/{batch.pk}")
    file = b"".join(viewer.get(address).streaming_content).decode()

    assert f'href="{address}"' in listed.content.decode()
    assert f'href="{address}"' in page.content.decode()
    assert file.splitlines()[0] == "line,field,reason,row"
    assert len(file.splitlines()) == 3


def test_an_import_says_what_its_rows_come_to(viewer):
    batch = bring_in(bad=2)

    page = text_of(viewer.get(f"{PAGE}/{batch.pk}"))

    assert "Of the 4 rows of export.json, 2 were accepted and 2 refused." in page
    assert "Airbnb 100 7 7.0 %" in page
    assert "No rule matches 10 1 — no value" in page
    assert page.split("Refused rows")[1].split("Reason ")[1].startswith("3 total_req")
    assert "Undo" not in page


def test_a_clean_import_says_that_nothing_was_refused(viewer):
    batch = bring_in()

    page = text_of(viewer.get(f"{PAGE}/{batch.pk}"))

    assert "Of the 2 rows of export.json, 2 were accepted." in page
    assert "No row was refused." in page


def test_a_cut_import_is_marked_in_the_list_and_on_its_page(viewer):
    batch = bring_in()
    ImportBatch.objects.update(truncated=True, incomplete=True)

    listed, page = text_of(viewer.get(PAGE)), text_of(viewer.get(f"{PAGE}/{batch.pk}"))

    assert "Committed cut" in listed
    assert "Committed the search was cut the file was cut" in page


def test_undo_names_its_effect_and_takes_all_of_it_back(engineer):
    batch = bring_in()
    assert IntegrationEvent.objects.count() == 1

    offered = text_of(engineer.get(f"{PAGE}/{batch.pk}"))
    undone = text_of(engineer.post(f"{PAGE}/{batch.pk}/undo", follow=True))

    assert "Undo removes the events, checks and counts that its 2 rows stored." in (
        offered
    )
    assert "The import was taken back, with all that followed from it." in undone
    assert "export.json was taken back just now; nothing of it is stored." in undone
    assert "Undo this import" not in undone
    assert IntegrationEvent.objects.count() == 0


def test_undoing_twice_is_refused_in_words(engineer):
    batch = bring_in()
    engineer.post(f"{PAGE}/{batch.pk}/undo")

    page = text_of(engineer.post(f"{PAGE}/{batch.pk}/undo", follow=True))

    assert "Only a committed import can be undone; this one is: Undone." in page


def test_viewers_may_look_but_not_undo(viewer):
    batch = bring_in()

    assert viewer.post(f"{PAGE}/{batch.pk}/undo").status_code == 403
    assert ImportBatch.objects.get().state == BatchState.COMMITTED


def test_a_file_that_waits_leads_on_for_those_who_may_import_it(viewer, engineer):
    batch = look_at()

    for_viewer = viewer.get(f"{PAGE}/{batch.pk}")
    for_engineer = engineer.get(f"{PAGE}/{batch.pk}").content.decode()

    assert "waits.json waits to be imported; nothing of it is stored." in (
        text_of(for_viewer)
    )
    lead_on = f'href="/admin/integration_health/importbatch/{batch.pk}/change/"'
    assert lead_on in for_engineer
    assert lead_on not in for_viewer.content.decode()
    listed = text_of(viewer.get(PAGE))
    assert "1 file was looked at and waits to be imported." in listed
    assert listed.count("— no value") == 4  # its time, and what was not stored yet


def test_a_running_import_shows_how_far_it_is_and_asks_again(viewer):
    batch = look_at()
    start_upload(batch.pk)
    tell_rows_read(batch.pk, 1)

    listed, page = viewer.get(PAGE), viewer.get(f"{PAGE}/{batch.pk}")

    for response in (listed, page):
        assert "waits.json 1 of 2 rows read" in text_of(response)
        html = response.content.decode()
        assert 'max="2" value="1"' in html
        assert 'hx-trigger="every 3s"' in html
    assert "1 import is running." in text_of(listed)
    assert "waits.json is being imported." in text_of(page)


def test_of_a_file_nobody_counted_only_the_rows_read_are_told(viewer):
    (batch,) = batches(1, state=BatchState.RUNNING)
    tell_rows_read(batch.pk, 1200)

    response = viewer.get(PAGE)

    assert "file-0 1,200 rows read" in text_of(response)
    progress = response.content.decode().split("<progress ")[1].split(">")[0]
    assert progress == f'id="progress-{batch.pk}"'


def test_of_a_file_whose_rows_are_all_read_it_is_told_that_they_are_stored(viewer):
    batch = look_at()
    start_upload(batch.pk)
    tell_rows_read(batch.pk, 2, are_all=True)

    response = viewer.get(PAGE)

    assert "waits.json All 2 rows read; now they are stored" in text_of(response)
    progress = response.content.decode().split("<progress ")[1].split(">")[0]
    assert progress == f'id="progress-{batch.pk}"'


def test_once_nothing_runs_the_asking_ends_with_the_whole_page(viewer):
    bring_in()

    asked_again = viewer.get(PAGE, headers={"HX-Target": "running"}).content.decode()
    opened = viewer.get(PAGE).content.decode()

    assert 'id="running" hx-get="/dashboard/imports" hx-trigger="load"' in asked_again
    assert 'id="running"' not in opened


def test_a_failed_import_says_why(viewer):
    (batch,) = batches(1, state=BatchState.FAILED, error="The file is empty.")

    page = text_of(viewer.get(f"{PAGE}/{batch.pk}"))

    assert "file-0 was not imported. The file is empty." in page
    assert "No import stands: each failed or was taken back." in (
        text_of(viewer.get(PAGE))
    )


def test_a_filter_that_matches_nothing_is_named(viewer):
    bring_in()

    page = text_of(viewer.get(f"{PAGE}?state=failed"))

    assert "No imports match: state Failed. Clear filters" in page


def test_unknown_values_correct_the_address(viewer):
    assert viewer.get(f"{PAGE}?state=lost&page_key=x&sort=1")["Location"] == PAGE


def test_older_imports_are_a_page_away(viewer):
    batches(MOST_ROWS + 1, state=BatchState.FAILED)

    first = viewer.get(f"{PAGE}?state=failed")
    older = first.context["page"].older
    second = viewer.get(PAGE + older)

    names = [row.record.file_name for row in first.context["page"].rows]
    assert names == [f"file-{n}" for n in range(MOST_ROWS, 0, -1)]
    assert [row.record.file_name for row in second.context["page"].rows] == ["file-0"]
    assert second.context["page"].newest == "?state=failed"
    assert second.context["page"].older == ""


def test_the_list_leaves_as_csv_filtered_as_it_is(viewer):
    bring_in(bad=2, name="=cmd.json")
    batches(1, state=BatchState.FAILED)

    heads, every = table(rows_of(viewer.get(f"{PAGE}/export/csv")), "What came in")
    failed = rows_of(viewer.get(f"{PAGE}/export/csv?state=failed"))

    assert heads[7:11] == ["Rows read", "Accepted", "Refused", "Ignored"]
    assert [(row[0], row[1], *row[7:11]) for row in every] == [
        ("file-0", "Failed", "0", "0", "0", "0"),
        ("'=cmd.json", "Committed", "4", "2", "2", "0"),
    ]
    assert [row[0] for row in table(failed, "What came in")[1]] == ["file-0"]
    assert ["Filters", "state Failed"] in failed


def test_a_long_list_leaves_whole(viewer, monkeypatch):
    monkeypatch.setattr(imports_export, "PAGE", 2)
    batches(5, state=BatchState.FAILED)

    rows = rows_of(viewer.get(f"{PAGE}/export/csv"))

    names = [row[0] for row in table(rows, "What came in")[1]]
    assert names == [f"file-{n}" for n in (4, 3, 2, 1, 0)]


def test_an_unknown_import_is_not_there(viewer):
    response = viewer.get(UNKNOWN)

    assert response.status_code == 404
    assert "There is no import 00000000" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows(
    viewer, count, django_assert_num_queries, django_assert_max_num_queries
):
    batches(count, state=BatchState.UNDONE)

    with django_assert_num_queries(3):
        imports_list(None, after=None, now=timezone.now())
    with django_assert_max_num_queries(30):
        viewer.get(PAGE)
