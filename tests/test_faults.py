import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, close_old_connections, connection
from django.test import Client, RequestFactory

from qa_observability.faults import server_error
from tests.api.test_pages import INLINE
from tests.api.urls import page

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        pytest.param("/api/v1/nowhere", 404, "not_found", id="no such address"),
        pytest.param("/api/v1/open/", 404, "not_found", id="trailing slash"),
        pytest.param("/api/plain/bug", 500, "internal_error", id="bug"),
        pytest.param("/api/plain/suspicious", 400, "invalid", id="suspicious"),
        pytest.param("/api/plain/forbidden", 403, "permission_denied", id="forbidden"),
        pytest.param(
            "/api/plain/database", 503, "service_unavailable", id="database away"
        ),
    ],
)
def test_the_api_never_answers_a_page(client, path, status, code):
    response = client.get(path)

    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_nothing_of_an_exception_reaches_the_caller(client):
    assert "secret" not in client.get("/api/plain/bug").content.decode()
    assert "quoting" not in client.get("/api/plain/suspicious").content.decode()


@pytest.mark.parametrize("how", ["database", "driver", "broker"])
def test_a_page_says_that_a_server_is_away(client, how):
    response = client.get(f"/page/{how}", headers={"X-Request-ID": "test-1"})

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "does not answer" in response.content.decode()
    assert "test-1" in response.content.decode()
    assert INLINE.findall(response.content.decode()) == []


def test_a_missing_page_stays_a_page(client):
    response = client.get("/nowhere")

    assert (response.status_code, response["Content-Type"]) == (
        404,
        "text/html; charset=utf-8",
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_lost_connection_is_told_and_comes_back_by_itself(client):
    client.force_login(User.objects.create_user("quinn"))
    place = ("dbname", "host", "port", "user", "password")
    parameters = connection.get_connection_params()
    backend = connection.connection.info.backend_pid
    with psycopg.connect(**{key: parameters.get(key) for key in place}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])

    lost = client.get("/api/v1/open")
    close_old_connections()  # as Django does between requests
    back = client.get("/api/v1/open")

    assert (lost.status_code, lost.json()["code"]) == (503, "service_unavailable")
    assert back.status_code == 200


def test_a_database_lost_outside_a_view_is_a_503():
    request = RequestFactory().get("/dashboard")

    try:
        page(request, "database")
    except OperationalError:
        response = server_error(request)

    assert (response.status_code, response["Retry-After"]) == (503, "5")
