import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


def problem(status, code, title, detail, *errors):
    return {
        "type": f"urn:qa-observability:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [
            dict(zip(("field", "code", "detail"), error, strict=True))
            for error in errors
        ],
        "requestId": "test-1",
    }


def get(client, path, **headers):
    return client.get(path, headers={"X-Request-ID": "test-1"} | headers)


DATABASE = "The database does not answer. Nothing was stored; try again shortly."


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        pytest.param(
            "conflict",
            problem(409, "conflict", "Conflict", "It is there already."),
            id="ours",
        ),
        pytest.param(
            "field",
            problem(
                422,
                "invalid_field",
                "Invalid field",
                "errorRate: must be from 0 to 1.",
                ("errorRate", "invalid", "must be from 0 to 1."),
            ),
            id="ours, with a field",
        ),
        pytest.param(
            "nested",
            problem(
                422,
                "invalid_field",
                "Invalid field",
                "2 field(s) are wrong; see errors.",
                ("rows[1].eventType", "invalid", "Unknown."),
                ("body", "invalid", "Empty."),
            ),
            id="REST framework's validation",
        ),
        pytest.param(
            "model",
            problem(
                422,
                "invalid_field",
                "Invalid field",
                "2 field(s) are wrong; see errors.",
                ("validFrom", "invalid", "In the past."),
                ("body", "invalid", "Overlaps."),
            ),
            id="a model's validation",
        ),
        pytest.param(
            "plain-model",
            problem(
                422,
                "invalid_field",
                "Invalid field",
                "1 field(s) are wrong; see errors.",
                ("body", "invalid", "Overlaps."),
            ),
            id="a model's validation without a field",
        ),
        pytest.param(
            "http404",
            problem(404, "not_found", "Not Found", "Not found."),
            id="not found",
        ),
        pytest.param(
            "forbidden",
            problem(
                403,
                "permission_denied",
                "Forbidden",
                "You do not have permission to perform this action.",
            ),
            id="Django's refusal",
        ),
        pytest.param(
            "suspicious",
            problem(400, "parse_error", "Bad Request", "The request is malformed."),
            id="suspicious",
        ),
        pytest.param(
            "huge",
            problem(
                413, "too_large", "Request Entity Too Large", "The body is too large."
            ),
            id="too large for Django",
        ),
        pytest.param(
            "throttled",
            problem(
                429,
                "throttled",
                "Too Many Requests",
                "Request was throttled. Expected available in 8 seconds.",
            ),
            id="throttled",
        ),
        pytest.param(
            "database",
            problem(503, "service_unavailable", "Service Unavailable", DATABASE),
            id="database away",
        ),
        pytest.param(
            "driver",
            problem(503, "service_unavailable", "Service Unavailable", DATABASE),
            id="connection closed",
        ),
        pytest.param(
            "broker",
            problem(
                503,
                "service_unavailable",
                "Service Unavailable",
                "The database or the broker does not answer. What you sent was not stored; "
                "try again shortly.",
            ),
            id="broker away",
        ),
        pytest.param(
            "bug",
            problem(
                500,
                "internal_error",
                "Internal Server Error",
                "Something broke on our side. Quote the request id when reporting it.",
            ),
            id="our bug",
        ),
    ],
)
def test_every_failure_is_a_problem_document(api, how, expected):
    response = get(api, f"/api/v1/fails/{how}")

    assert response["Content-Type"] == "application/problem+json"
    assert response["X-Request-ID"] == "test-1"
    assert (response.status_code, response.json()) == (expected["status"], expected)


@pytest.mark.parametrize(
    ("how", "seconds"), [("throttled", "8"), ("database", "5"), ("broker", "5")]
)
def test_what_passes_says_when_to_try_again(api, how, seconds):
    assert get(api, f"/api/v1/fails/{how}")["Retry-After"] == seconds


def test_a_form_nobody_can_send_is_a_problem_too(api):
    response = get(api, "/api/v1/open", Accept="application/msword")

    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


def test_a_type_nobody_reads_is_a_problem_too(api, grant):
    grant("qa_observability.add_token")

    response = api.post("/api/v1/open", "<a/>", content_type="text/xml")

    assert (response.status_code, response.json()["code"]) == (
        415,
        "unsupported_media_type",
    )


def test_malformed_json_is_a_400_with_the_place(api, grant):
    grant("qa_observability.add_token")

    response = api.post("/api/v1/open", "{", content_type="application/json")

    assert (response.status_code, response.json()["detail"]) == (
        400,
        "The body is not valid JSON: Input data was truncated.",
    )


def test_a_wrong_field_is_a_422_naming_it(api, grant):
    grant("qa_observability.add_token")

    response = api.post("/api/v1/open", {"errorRate": "much"}, format="json")

    assert (response.status_code, response.json()["errors"]) == (
        422,
        [
            {
                "field": "errorRate",
                "code": "invalid",
                "detail": "This must be a number.",
            }
        ],
    )


def test_people_see_errors_on_the_page_they_browse(api):
    response = get(api, "/api/v1/fails/conflict", Accept="text/html")

    assert response["Content-Type"].startswith("text/html")
    assert response.status_code == 409
    assert "It is there already." in response.content.decode()
