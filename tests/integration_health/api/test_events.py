"""Events by API: one, many, streamed; each line told its fate."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from integration_health.models import IntegrationEvent

SEND = "/api/v1/integrations/events"
READ = "/api/v1/integrations/health/airbnb/events"


def event(**changes):
    moment = (timezone.now() - timedelta(hours=1)).replace(microsecond=0)
    return {
        "integrationId": "airbnb",
        "eventType": "api_error",
        "severity": "low",
        "occurredAt": moment.isoformat(),
    } | changes


def lines(*events):
    return "\n".join(json.dumps(each) for each in events)


def test_single_event_is_201_then_200(api):
    sent = event(metadata={"keep_this": {"andThis": 1}})

    first, again = (api.post(SEND, sent, format="json") for _ in range(2))

    assert (first.status_code, first.json()) == (
        201,
        {
            "accepted": 1,
            "duplicates": 0,
            "rejected": 0,
            "results": [
                {"line": 1, "outcome": "accepted", "field": None, "reason": None}
            ],
        },
    )
    assert (again.status_code, again.json()["duplicates"]) == (200, 1)
    [stored] = api.get(READ).json()["events"]
    assert (stored["metadata"], stored["source"], stored["actor"]) == (
        {"keep_this": {"andThis": 1}},
        "api",
        "quinn",
    )


def test_single_wrong_event_is_422(api):
    answer = api.post(SEND, event(severity="urgent"), format="json")

    problem = answer.json()
    assert (answer.status_code, problem["errors"][0]["field"]) == (422, "severity")
    assert problem["errors"][0]["code"] == "invalid_severity"


def test_array_tells_each_element(api):
    sent = [event(), event(integrationId="x"), event(), event(message="other")]

    answer = api.post(SEND, sent, format="json")

    assert answer.status_code == 201
    assert [
        (each["line"], each["outcome"], each["field"])
        for each in answer.json()["results"]
    ] == [
        (1, "accepted", None),
        (2, "rejected", "integrationId"),
        (3, "duplicate", None),
        (4, "accepted", None),
    ]


def test_lines_are_taken_as_a_stream(api):
    body = lines(event(), event(message="b")) + "\nnot json\n"

    answer = api.post(SEND, body, content_type="application/x-ndjson")

    counts = {
        name: answer.json()[name] for name in ("accepted", "duplicates", "rejected")
    }
    assert counts == {"accepted": 2, "duplicates": 0, "rejected": 1}
    assert answer.json()["results"][2]["line"] == 3


def test_idempotency_key_makes_a_call_repeatable(api):
    sent = [event(occurredAt=None), event(occurredAt=None)]

    first, again = (
        api.post(SEND, sent, format="json", headers={"Idempotency-Key": "call-1"})
        for _ in range(2)
    )

    assert (first.json()["accepted"], again.json()["duplicates"]) == (2, 2)


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        pytest.param(b"", "application/json", 400, id="empty"),
        pytest.param(b"{", "application/json", 400, id="malformed"),
        pytest.param(b"[{}", "application/json", 400, id="cut array"),
        pytest.param(b"a,b", "text/csv", 415, id="wrong content type"),
    ],
)
def test_unreadable_body_is_refused_whole(api, body, content_type, code):
    answer = api.post(SEND, body, content_type=content_type)

    assert (answer.status_code, answer["Content-Type"]) == (
        code,
        "application/problem+json",
    )


def test_array_that_breaks_off_stores_nothing(api):
    body = json.dumps([event(message=str(n)) for n in range(3000)])[:-1]

    answer = api.post(SEND, body, content_type="application/json")

    assert answer.status_code == 400
    assert not IntegrationEvent.objects.exists()


def test_body_past_64_mb_is_413(api):
    answer = api.post(
        SEND, b"x", content_type="application/x-ndjson", CONTENT_LENGTH=64 * 2**20 + 1
    )

    assert answer.status_code == 413


def test_pages_follow_their_cursor(api):
    api.post(SEND, [event(message=f"fault {n}") for n in range(5)], format="json")

    seen, cursor = [], ""
    for _ in range(3):
        page = api.get(f"{READ}?limit=2&{cursor}").json()
        seen += [each["message"] for each in page["events"]]
        cursor = f"cursor={page['nextCursor']}"

    assert sorted(seen) == [f"fault {n}" for n in range(5)]
    assert (page["nextCursor"], page["approximateTotal"]) == (None, 5)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("type=api_error", 1),
        pytest.param("type=booking_loss", 0),
        pytest.param("severity=low&source=api", 1),
        pytest.param("source=splunk", 0),
        pytest.param("text=fau", 1),
    ],
)
def test_events_are_filtered(api, query, found):
    api.post(SEND, event(message="fault"), format="json")

    assert len(api.get(f"{READ}?{query}").json()["events"]) == found


@pytest.mark.parametrize(
    "query",
    ["severity=urgent", "source=me", "limit=0", "limit=1001", "cursor=abc", "typ=a"],
)
def test_wrong_query_is_400(api, query):
    assert api.get(f"{READ}?{query}").status_code == 400


def test_viewer_may_not_send(viewer):
    assert viewer.post(SEND, event(), format="json").status_code == 403
