from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from kombu.exceptions import OperationalError
from rest_framework.test import APIClient

from integration_health.models import ImportBatch, IntegrationEvent
from integration_health.tasks import import_upload
from qa_observability.tokens import issue_token
from tests.integration_health.imports.imports import DATA, lines, stat

pytestmark = pytest.mark.django_db

PATH = "/api/v1/integrations/imports"
NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
WINDOW = {"from": "2026-01-05T09:00:00Z", "to": "2026-01-05T10:00:00Z"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("integration_health.api.imports.timezone.now", lambda: NOW)


@pytest.fixture
def client(django_user_model):
    client = APIClient()
    client.force_authenticate(
        django_user_model.objects.create_superuser("ann", password="x")
    )
    return client


def send(client, content="endpoint_stats.ndjson", **fields):
    name = "rows.json"
    if isinstance(content, list):
        content = lines(content).encode()
    else:
        name, content = content, (DATA / content).read_bytes()
    form = {"file": SimpleUploadedFile(name, content)} | fields
    return client.post(PATH, form, format="multipart")


def problem(response):
    body = response.json()
    return (
        response.status_code,
        body["code"],
        [each["field"] for each in body["errors"]],
    )


def test_a_file_is_imported(client):
    response = send(client, **WINDOW)

    batch = ImportBatch.objects.get()
    assert response.status_code == 201
    body = response.json()
    assert (body["importId"], body["status"], body["accepted"], body["window"]) == (
        str(batch.pk),
        "committed",
        14,
        WINDOW,
    )
    assert (batch.actor, batch.file_name) == ("ann", "endpoint_stats.ndjson")


def test_a_dry_run_and_a_duplicate_answer_200(client):
    looked = send(client, dryRun="true", **WINDOW)
    send(client, **WINDOW)
    again = send(client, **WINDOW)

    assert [(each.status_code, each.json()["status"]) for each in (looked, again)] == [
        (200, "dry_run"),
        (200, "duplicate"),
    ]


def test_an_overlap_is_a_conflict_unless_replaced(client):
    send(client, **WINDOW)
    rows = [stat("/vrbo/a", 10, 1)]

    refused = send(client, rows, **WINDOW)
    replaced = send(client, rows, overlap="replace", **WINDOW)

    assert problem(refused) == (409, "import_overlaps", ["overlap"])
    assert replaced.status_code == 201


@pytest.mark.parametrize(
    ("content", "fields", "expected"),
    [
        ("endpoint_stats.ndjson", {}, (422, "window_required", ["from", "to"])),
        (
            "endpoint_stats.ndjson",
            {"from": WINDOW["from"]},
            (422, "invalid_field", ["to"]),
        ),
        (
            "endpoint_stats.ndjson",
            {"from": WINDOW["to"], "to": WINDOW["from"]},
            (422, "invalid_field", ["to"]),
        ),
        (
            "endpoint_stats.ndjson",
            {"from": WINDOW["from"], "to": "2026-01-07T00:00:00Z"},
            (422, "invalid_field", ["to"]),
        ),
        (
            "endpoint_stats.ndjson",
            {"from": "2025-01-05T09:00:00Z", "to": "2025-01-05T10:00:00Z"},
            (422, "invalid_field", ["to"]),
        ),
        (
            "endpoint_stats.ndjson",
            {"from": "2025-09-01T09:00:00Z", "to": WINDOW["to"]},
            (422, "invalid_field", ["from"]),
        ),
        ("endpoint_stats.ndjson", {"from": "now"}, (422, "invalid_field", ["from"])),
        ("endpoint_stats.ndjson", {"zone": "x/../y"}, (422, "invalid_field", ["zone"])),
        ("endpoint_stats.ndjson", {"dryRun": "no"}, (422, "invalid_field", ["dryRun"])),
        (
            "endpoint_stats.ndjson",
            {"overlap": "x"},
            (422, "invalid_field", ["overlap"]),
        ),
        ("endpoint_stats.ndjson", {"dryrun": "1"}, (422, "invalid_field", ["dryrun"])),
        ("raw_events.txt", {}, (422, "unreadable_export", ["file"])),
        ("error_messages.ndjson", {}, (422, "unreadable_export", ["file"])),
    ],
)
def test_a_wrong_request_names_the_field(client, content, fields, expected):
    assert problem(send(client, content, **fields)) == expected
    assert not ImportBatch.objects.exists()


@pytest.fixture
def short_patience(monkeypatch):
    monkeypatch.setattr("integration_health.imports.background.LONG_FILE", 100)
    monkeypatch.setattr("integration_health.tasks.timezone.now", lambda: NOW)


def test_a_long_file_is_imported_in_the_background(client, short_patience):
    response = send(client, **WINDOW)

    body = response.json()
    address = f"{PATH}/{body['importId']}"
    assert (response.status_code, response["Location"]) == (202, address)
    followed = client.get(address).json()
    assert (followed["status"], followed["accepted"], followed["by"]) == (
        "committed",
        14,
        "ann",
    )
    assert (followed["rowsSoFar"], followed["error"]) == (None, "")


def test_a_long_file_in_the_background_may_replace(client, short_patience):
    send(client, **WINDOW)
    rows = [stat(f"/vrbo/a{each}", 10, 1) for each in range(9)]

    refused = send(client, rows, **WINDOW)
    replaced = send(client, rows, overlap="replace", **WINDOW)

    assert [
        client.get(each["Location"]).json()["status"] for each in (refused, replaced)
    ] == ["failed", "committed"]


def test_a_dry_run_of_a_long_file_is_answered(client, short_patience):
    response = send(client, dryRun="true", **WINDOW)

    assert (response.status_code, response.json()["status"]) == (200, "dry_run")
    assert not ImportBatch.objects.exists()


def test_a_long_file_that_cannot_be_read_is_refused_at_once(client, short_patience):
    assert problem(send(client, "raw_events.txt")) == (
        422,
        "unreadable_export",
        ["file"],
    )
    assert not ImportBatch.objects.exists()


def test_a_long_file_without_a_queue_is_told(client, short_patience, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(import_upload, "delay", away)

    response = send(client, **WINDOW)

    assert (response.status_code, response.json()["code"]) == (
        503,
        "service_unavailable",
    )
    kept = ImportBatch.objects.get()
    assert (kept.state, kept.error) == (
        "failed",
        "The job queue does not answer. Try again in a moment.",
    )


def test_a_request_without_a_file_names_it(client):
    response = client.post(PATH, {"from": "x"}, format="multipart")

    assert problem(response) == (422, "invalid_field", ["file"])


def test_a_body_that_is_no_form_is_refused(client):
    assert client.post(PATH, {}, format="json").status_code == 415


def test_a_huge_body_is_refused_unread(client):
    response = client.post(
        PATH,
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(600 * 1024**2),
    )

    assert response.status_code == 413


def test_the_history_is_paged_newest_first(client):
    for number in range(3):
        hour = {
            "from": f"2026-01-05T0{number}:00:00Z",
            "to": f"2026-01-05T0{number}:30:00Z",
        }
        send(client, [stat("/vrbo/a", 10 + number, 1)], **hour)

    first = client.get(PATH, {"limit": 2}).json()
    second = client.get(PATH, {"limit": 2, "cursor": first["nextCursor"]}).json()

    found = [each["window"]["from"] for each in first["imports"] + second["imports"]]
    assert found == [f"2026-01-05T0{number}:00:00Z" for number in (2, 1, 0)]
    assert second["nextCursor"] is None


def test_one_import_tells_all_that_was_said(client):
    said = send(client, "bad/impossible_numbers.ndjson", **WINDOW).json()

    told = client.get(f"{PATH}/{said['importId']}").json()

    shared = told.keys() & said.keys()
    assert {name: told[name] for name in shared} == {
        name: said[name] for name in shared
    }
    assert said.keys() - shared == {"dryRun"}
    assert (told["by"], told["fileName"], told["undoneAt"]) == (
        "ann",
        "impossible_numbers.ndjson",
        None,
    )


def test_refused_rows_come_as_harmless_csv(client):
    rows = [stat("=HYPERLINK(1)", 1, 2), stat("/vrbo/a", 10, 1)]
    import_id = send(client, rows, **WINDOW).json()["importId"]

    response = client.get(
        f"{PATH}/{import_id}/rejected", headers={"Accept": "text/csv"}
    )

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(response.streaming_content).decode() == (
        "line,field,reason,row\r\n"
        "1,total_errors,More errors than requests.,'=HYPERLINK(1)\r\n"
    )


def test_undo_takes_it_back_once(client):
    import_id = send(client, **WINDOW).json()["importId"]

    undone = client.post(f"{PATH}/{import_id}/undo")
    again = client.post(f"{PATH}/{import_id}/undo")

    assert (undone.status_code, undone.json()["status"], undone.json()["undoneBy"]) == (
        200,
        "undone",
        "ann",
    )
    assert problem(again) == (409, "import_not_committed", [])
    assert not IntegrationEvent.objects.exists()


@pytest.mark.parametrize("path", ["", "/rejected", "/undo"])
def test_an_unknown_import_is_not_found(client, path):
    call = client.post if path == "/undo" else client.get

    response = call(f"{PATH}/018f0000-0000-7000-8000-000000000000{path}")

    assert problem(response) == (404, "not_found", [])


@pytest.mark.parametrize(
    ("scopes", "status"), [(["read"], 403), (["ingest"], 201), (["admin"], 403)]
)
def test_a_token_needs_the_scope_ingest(django_user_model, scopes, status):
    user = django_user_model.objects.create_superuser("bot", password="x")
    key = issue_token(user, scopes, name="t", by=None, now=timezone.now()).key
    client = APIClient(headers={"Authorization": f"Token {key}"})

    assert send(client, **WINDOW).status_code == status


def test_a_user_without_the_right_may_read_only(django_user_model):
    client = APIClient()
    client.force_authenticate(django_user_model.objects.create_user("viewer"))

    assert send(client, **WINDOW).status_code == 403
    assert client.get(PATH).json() == {"imports": [], "nextCursor": None}
