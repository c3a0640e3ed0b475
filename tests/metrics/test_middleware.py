import json

import pytest
from django.contrib.auth.models import User

from qa_observability.jobs import recorded
from qa_observability.metrics.families import JOBS, QUERIES, REQUESTS
from qa_observability.metrics.store import PREFIX

pytestmark = pytest.mark.django_db


def counted(broker, metric):
    fields = broker.hgetall(PREFIX + metric.name)
    return {tuple(json.loads(field)): float(amount) for field, amount in fields.items()}


def test_requests_are_counted_by_route_and_status(client, broker):
    client.get("/healthz")
    client.get("/healthz")
    client.post("/healthz")

    found = counted(broker, REQUESTS)
    totals = {}
    for (method, route, status, part), amount in found.items():
        if part != "sum":
            key = (method, route, status)
            totals[key] = totals.get(key, 0) + amount
    assert totals == {("GET", "/healthz", "200"): 2, ("POST", "/healthz", "405"): 1}
    assert found["GET", "/healthz", "200", "sum"] > 0


def test_addresses_that_lead_nowhere_share_one_label(client, broker):
    client.get("/wp-login.php")
    client.get("/ada@example.com")

    assert {route for _method, route, _status, _part in counted(broker, REQUESTS)} == {
        "(none)"
    }


def test_invented_methods_share_one_label(client, broker):
    client.generic("BREW", "/healthz")

    assert {method for method, *_rest in counted(broker, REQUESTS)} == {"OTHER"}


def test_queries_are_counted(client, broker, django_assert_num_queries):
    client.force_login(User.objects.create_superuser("root"))
    with django_assert_num_queries(2):  # session, user
        client.get("/api/schema")

    assert counted(broker, QUERIES)["GET", "/api/schema", "sum"] == 2


def test_jobs_are_counted_by_result(broker):
    recorded("sweep")(dict)()
    with pytest.raises(ZeroDivisionError):
        recorded("sweep")(lambda: 1 / 0)()

    found = counted(broker, JOBS)
    assert {(job, result) for job, result, _part in found} == {
        ("sweep", "done"),
        ("sweep", "failed"),
    }
