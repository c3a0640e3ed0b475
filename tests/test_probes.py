import socket
import threading

import pytest
from django.db import connection
from django.db.utils import OperationalError

pytestmark = pytest.mark.django_db


class Broker:
    """Answers every Redis command with PONG."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self.server.getsockname()[1]}/0?protocol=2"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _address = self.server.accept()
            except OSError:
                return
            with client:
                while data := client.recv(4096):
                    commands = sum(
                        line.startswith(b"*") for line in data.split(b"\r\n")
                    )
                    client.sendall(b"+PONG\r\n" * commands)


@pytest.fixture
def broker(settings):
    fake = Broker()
    settings.REDIS_URL = fake.url
    yield fake
    fake.server.close()


def test_alive_asks_nothing_of_anyone(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


def test_ready_when_database_and_broker_answer(client, broker):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (
        200,
        {
            "status": "ready",
            "checks": [
                {"name": "database", "ok": True, "detail": ""},
                {"name": "broker", "ok": True, "detail": ""},
            ],
        },
    )


def test_unready_says_that_the_broker_is_away(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"][1] == {
        "name": "broker",
        "ok": False,
        "detail": "ConnectionError",
    }


def test_unready_says_that_the_database_is_away(client, broker):
    def away(execute, sql, params, many, context):
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(away):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"][0] == {
        "name": "database",
        "ok": False,
        "detail": "OperationalError",
    }
    assert client.get("/readyz").status_code == 200


def test_unready_names_the_migrations_to_run(client, broker):
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'qa_observability' AND name = '0001_initial'"
        )

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"][0]["detail"] == (
        "run migrate; missing: qa_observability.0001_initial"
    )


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_not_cached_nor_written_to(client, path):
    assert "no-store" in client.get(path)["Cache-Control"]
    assert client.post(path).status_code == 405
