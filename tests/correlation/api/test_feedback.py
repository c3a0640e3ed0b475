"""POST correlation/feedback: kept, audited, refused by name."""

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from correlation.models import LinkFeedback
from qa_observability.models import AuditEntry
from tests.correlation import scene

pytestmark = pytest.mark.django_db

URL = "/api/v1/correlation/feedback"


@pytest.fixture
def engineer():
    user = User.objects.create_user("ana")
    user.user_permissions.add(Permission.objects.get(codename="act_on_incidents"))
    client = APIClient()
    client.force_authenticate(user)
    return client


def body(**fields):
    return {
        "testCaseId": "checkout",
        "integrationId": "airbnb",
        "confirmed": False,
        "note": "a firewall rule",
    } | fields


def test_a_word_is_kept_and_audited(engineer):
    scene.known_test("checkout")

    answer = engineer.post(URL, body(), format="json")

    assert answer.status_code == 201
    assert answer.json() == body(actor="ana", at=answer.json()["at"])
    assert LinkFeedback.objects.get().note == "a firewall rule"
    assert AuditEntry.objects.values_list("action", "actor_name", "reason").get() == (
        "link.rejected",
        "ana",
        "a firewall rule",
    )


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"testCaseId": "nothing"}, "testCaseId"),
        ({"integrationId": "expedia"}, "integrationId"),
        ({"confirmed": "perhaps"}, "confirmed"),
        ({"note": "x" * 301}, "note"),
        ({"opinion": 1}, "opinion"),
    ],
)
def test_what_is_wrong_is_named(engineer, fields, wrong):
    scene.known_test("checkout")

    answer = engineer.post(URL, body(**fields), format="json")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [wrong]
    assert not LinkFeedback.objects.exists()


def test_a_viewer_may_not_give_feedback():
    client = APIClient()
    client.force_authenticate(User.objects.create_user("viewer"))

    assert client.post(URL, body(), format="json").status_code == 403
