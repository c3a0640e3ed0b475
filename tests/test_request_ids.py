import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from structlog.testing import capture_logs

from qa_observability.request_ids import RequestIdMiddleware, current_request_id


def answered(given=None):
    seen = []

    def view(request):
        seen.append(current_request_id())
        return HttpResponse(status=204)

    headers = {} if given is None else {"X-Request-ID": given}
    with capture_logs() as logs:
        response = RequestIdMiddleware(view)(
            RequestFactory().get("/dashboard?token=secret", headers=headers)
        )
    return response["X-Request-ID"], seen[0], logs


@pytest.mark.parametrize("given", ["a", "A.b-c_9", "x" * 64])
def test_a_plain_id_is_taken_over(given):
    assert answered(given)[:2] == (given, given)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param("x" * 65, id="too long"),
        pytest.param('"}{', id="not plain"),
        pytest.param("é", id="not ASCII"),
    ],
)
def test_any_other_is_replaced(given):
    sent, seen, _logs = answered(given)

    assert sent == seen
    assert re.fullmatch("[0-9a-f]{32}", sent)


def test_one_line_per_request_without_its_query():
    _sent, _seen, (line,) = answered()

    assert line.pop("duration_ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/dashboard",
        "status": 204,
    }


def test_the_id_is_gone_afterwards():
    answered("a")

    assert current_request_id() == ""
