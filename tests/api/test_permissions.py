import pytest
from rest_framework.test import APIClient

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]

ADD = "qa_observability.add_token"
QUESTION = {"errorRate": 0.5}


def test_nobody_gets_in_without_signing_in():
    response = APIClient().get("/api/v1/open")

    assert response["WWW-Authenticate"] == 'Token realm="api"'
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_reading_is_open_to_every_signed_in_user(api):
    response = api.get("/api/v1/open")

    assert (response.status_code, response.json()) == (
        200,
        {"errorRate": 0.02, "window": None, "scope": "read"},
    )


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_right_for_reading_covers_every_reading_method(api, grant, method):
    assert getattr(api, method)("/api/v1/money").status_code == 403

    grant("qa_observability.view_token")

    assert getattr(api, method)("/api/v1/money").status_code == 200


def test_writing_takes_the_right(api, grant):
    refused = api.post("/api/v1/open", QUESTION, format="json")
    grant(ADD)
    accepted = api.post("/api/v1/open", QUESTION, format="json")

    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "You need the right qa_observability.add_token. An administrator can grant it.",
    )
    assert (accepted.status_code, accepted.json()) == (
        201,
        {"errorRate": 0.5, "window": None, "scope": "read"},
    )


def test_a_method_that_is_not_there_needs_no_right(api):
    response = api.put("/api/v1/open", QUESTION, format="json")

    assert (response.status_code, response.json()["code"]) == (
        405,
        "method_not_allowed",
    )


def test_a_method_without_a_right_is_closed_to_all(api):
    response = api.delete("/api/v1/open")

    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")


@pytest.mark.parametrize(
    ("scopes", "read", "write", "delete"),
    [
        pytest.param(["read"], 200, 403, 403, id="read"),
        pytest.param(["ingest"], 403, 201, 403, id="ingest"),
        pytest.param(["admin"], 403, 403, 204, id="admin"),
        pytest.param(["read", "ingest", "admin"], 200, 201, 204, id="all"),
    ],
)
def test_a_token_is_cut_to_its_scopes(
    user, token_client, scopes, read, write, delete, monkeypatch
):
    user.is_superuser = True
    user.save()
    monkeypatch.setattr(
        "tests.api.urls.OpenView.permissions_by_method",
        {"POST": ADD, "DELETE": "qa_observability.delete_token"},
    )
    client = token_client(*scopes)

    assert (
        client.get("/api/v1/open").status_code,
        client.post("/api/v1/open", QUESTION, format="json").status_code,
        client.delete("/api/v1/open").status_code,
    ) == (read, write, delete)


def test_a_token_cannot_do_more_than_its_user(token_client):
    response = token_client("read", "ingest").post(
        "/api/v1/open", QUESTION, format="json"
    )

    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")


def test_the_missing_scope_is_named(token_client):
    response = token_client("ingest").get("/api/v1/open")

    assert response.json()["detail"] == (
        "This token lacks the scope read. Use a token that has it."
    )
