import io
import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from kombu.exceptions import OperationalError

from integration_health.enums import BatchState
from integration_health.imports.background import hand_in, start_upload
from integration_health.imports.options import ImportOptions
from integration_health.imports.progress import tell_rows_read
from integration_health.models import ImportBatch, IntegrationEvent
from integration_health.tasks import import_upload
from tests.integration_health.imports.imports import (
    DATA,
    DAY,
    import_file,
    lines,
    stat,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
WINDOW = {"start": "2026-01-05T09:00", "end": "2026-01-05T10:00"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("integration_health.admin.imports.timezone.now", lambda: NOW)


def address(name, *arguments):
    return reverse(f"admin:integration_health_importbatch_{name}", args=arguments)


def upload(client, name="endpoint_stats.ndjson", content=None, **fields):
    content = content or (DATA / name).read_bytes()
    form = {"file": SimpleUploadedFile(name, content)} | fields
    return client.post(address("upload"), form, follow=True)


def test_choose_look_commit_undo(admin_client):
    preview = upload(admin_client, **WINDOW)
    batch = ImportBatch.objects.get()
    assert batch.state == BatchState.WAITING
    assert "/v9/chan-hub/homeaway/quote-request" in preview.content.decode()
    assert "Import 14 rows" in preview.content.decode()

    result = admin_client.post(address("commit", batch.pk), follow=True)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.actor) == (BatchState.COMMITTED, "admin")
    assert "14 rows imported." in result.content.decode()
    assert "Undo this import" in result.content.decode()

    undone = admin_client.post(address("undo", batch.pk), follow=True)
    batch = ImportBatch.objects.get()
    assert batch.state == BatchState.UNDONE
    assert "Undo this import" not in undone.content.decode()
    assert not IntegrationEvent.objects.exists()


def test_times_are_of_the_zone_chosen(admin_client):
    upload(admin_client, zone="America/Sao_Paulo", **WINDOW)

    batch = ImportBatch.objects.get()
    assert batch.options["window"] == [
        "2026-01-05T12:00:00+00:00",
        "2026-01-05T13:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("name", "fields", "where", "words"),
    [
        ("endpoint_stats.ndjson", {}, "start", "no _time"),
        ("endpoint_stats.ndjson", {"start": WINDOW["start"]}, "end", "both ends"),
        (
            "endpoint_stats.ndjson",
            {"start": WINDOW["start"], "end": "2026-01-09T00:00"},
            "end",
            "in the future",
        ),
        ("raw_events.txt", {}, "file", "raw text"),
    ],
)
def test_a_refusal_stands_beside_its_field(admin_client, name, fields, where, words):
    page = upload(admin_client, name, **fields)

    assert words in " ".join(page.context["form"].errors[where])
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("name", ["empty.ndjson", "bad/empty_file.csv"])
def test_a_file_without_rows_says_so(admin_client, name):
    page = upload(admin_client, content=(DATA / name).read_bytes() or b"\n")

    assert "Nothing to import from this file." in page.content.decode()


def test_an_overlap_offers_to_replace(admin_client):
    first = import_file("endpoint_stats.ndjson", window=DAY)
    page = upload(
        admin_client, content=lines([stat("/vrbo/a", 10, 1)]).encode(), **WINDOW
    )
    waiting = ImportBatch.objects.get(state=BatchState.WAITING)
    assert "take back the earlier ones" in page.content.decode()

    refused = admin_client.post(address("commit", waiting.pk), follow=True)
    assert "Counts would double" in refused.content.decode()

    admin_client.post(address("commit", waiting.pk), {"replace": "1"})
    assert dict(ImportBatch.objects.values_list("pk", "state")) == {
        first.import_id: "undone",
        waiting.pk: "committed",
    }


def test_a_waiting_file_can_be_discarded(admin_client):
    upload(admin_client, **WINDOW)

    admin_client.post(address("discard", ImportBatch.objects.get().pk))

    assert not ImportBatch.objects.exists()


def test_refused_rows_are_shown_and_handed_out(admin_client):
    summary = import_file("bad/impossible_numbers.ndjson", window=DAY)

    page = admin_client.get(address("change", summary.import_id)).content.decode()
    table = admin_client.get(address("rejected", summary.import_id))

    assert "The value is no whole number." in page
    assert b"".join(table.streaming_content).count(b"\r\n") == 10


def test_hostile_texts_are_shown_as_text(admin_client):
    page = upload(admin_client, "bad/hostile_strings.ndjson", **WINDOW).content.decode()

    assert "/v9/&lt;script&gt;alert({id})&lt;/script&gt;" in page
    assert "<script>alert(" not in page


def test_the_list_finds_imports_and_offers_one_more(admin_client):
    import_file("endpoint_stats.ndjson", window=DAY)

    page = admin_client.get(
        address("changelist"), {"q": "endpoint", "state": "committed"}
    )

    assert page.context["cl"].result_count == 1
    assert address("upload") in page.content.decode()


def test_an_unknown_import_is_not_found(admin_client):
    unknown = "018f0000-0000-7000-8000-000000000000"

    gone = admin_client.get(address("change", unknown))
    table = admin_client.get(address("rejected", unknown))

    assert (gone.status_code, gone.url) == (302, address("changelist"))
    assert table.status_code == 404


def test_a_long_file_is_imported_in_the_background(admin_client, monkeypatch):
    monkeypatch.setattr("integration_health.imports.background.LONG_FILE", 100)
    upload(admin_client, **WINDOW)

    admin_client.post(address("commit", ImportBatch.objects.get().pk))

    batch = ImportBatch.objects.get()
    assert (batch.state, batch.actor) == (BatchState.COMMITTED, "admin")


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_a_running_import_shows_its_progress(admin_client):
    upload(admin_client, **WINDOW)
    batch = ImportBatch.objects.get()
    start_upload(batch.pk)

    page = admin_client.get(address("change", batch.pk)).content.decode()

    assert "0 of 14 rows read" in text_of(page)
    assert '<meta http-equiv="refresh" content="3">' in page


def test_an_import_that_was_handed_in_shows_the_rows_read(admin_client):
    file = io.BytesIO((DATA / "endpoint_stats.ndjson").read_bytes())
    batch, _new = hand_in(file, ImportOptions(window=DAY), name="long.json", by=None)
    tell_rows_read(batch.pk, 4_000)

    page = admin_client.get(address("change", batch.pk)).content.decode()

    assert "long.json: 4,000 rows read." in text_of(page)
    assert "<progress" not in page


def test_an_import_whose_rows_are_all_read_says_that_they_are_stored(admin_client):
    upload(admin_client, **WINDOW)
    batch = ImportBatch.objects.get()
    start_upload(batch.pk)
    tell_rows_read(batch.pk, 14, are_all=True)

    page = admin_client.get(address("change", batch.pk)).content.decode()

    assert "endpoint_stats.ndjson: all 14 rows read; now they are stored." in text_of(
        page
    )
    assert "<progress></progress>" in page


def test_a_queue_that_is_away_leaves_the_file_waiting(admin_client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr("integration_health.imports.background.LONG_FILE", 100)
    monkeypatch.setattr(import_upload, "delay", away)
    upload(admin_client, **WINDOW)
    batch = ImportBatch.objects.get()

    page = admin_client.post(address("commit", batch.pk), follow=True)

    assert "The job queue does not answer" in page.content.decode()
    assert ImportBatch.objects.get().state == BatchState.WAITING


def test_a_duplicate_found_at_commit_leads_back_to_the_list(admin_client):
    upload(admin_client, **WINDOW)
    waiting = ImportBatch.objects.get()
    import_file("endpoint_stats.ndjson", window=DAY)

    page = admin_client.post(address("commit", waiting.pk), follow=True)

    assert page.redirect_chain[-1][0] == address("changelist")
    assert "all of it is known" in page.content.decode()


@pytest.fixture
def staff(client, django_user_model):
    """Return a signed-in person with access to the admin, and a way to give rights."""
    user = django_user_model.objects.create_user("ann", is_staff=True)
    client.force_login(user)

    def with_rights(*names):
        rights = Permission.objects.filter(codename__in=names)
        user.user_permissions.set(rights)
        return client

    return with_rights


def test_reading_needs_one_right_and_importing_another(staff):
    summary = import_file("endpoint_stats.ndjson", window=DAY)
    reader = staff("view_importbatch")

    assert reader.get(address("change", summary.import_id)).status_code == 200
    assert reader.get(address("upload")).status_code == 403
    assert reader.post(address("undo", summary.import_id)).status_code == 403
    assert staff().get(address("changelist")).status_code == 403
    assert staff("import_files").get(address("upload")).status_code == 200


def test_deeds_need_a_post(admin_client):
    summary = import_file("endpoint_stats.ndjson", window=DAY)

    assert admin_client.get(address("undo", summary.import_id)).status_code == 405
