"""The pages of the admin about people's data: who may, what they show, what they do."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from correlation.ingest.retention import KEPT as RESULTS_KEPT
from integration_health.models import Annotation
from integration_health.models.events import KEPT as EVENTS_KEPT
from qa_observability.models import AuditEntry
from qa_observability.retention import SIGN_INS_KEPT
from qa_observability.roles import Role
from qa_observability.roof.erasure import fingerprint_of
from qa_observability.roof.retention import RULES

pytestmark = pytest.mark.django_db

ERASURE, RETENTION = "/admin/erasure", "/admin/retention"
ACCOUNTED_FOR = {  # by the rule of the row they hang on, or they hold no one's data
    "integration_health": {
        "BurstDay",
        "EndpointRule",
        "EndpointStat",
        "EndpointTraffic",
        "Failure",
        "HealthDay",
        "IncidentEntry",
        "IncidentTicket",
        "Integration",
        "MaintenanceWindow",
        "StatusTransition",
    },
    "correlation": {
        "Alarm",
        "AlarmChange",
        "Backtest",
        "EvidenceDay",
        "LinkFeedback",
        "TestCase",
        "TestIntegrationCorrelation",
        "TestSource",
    },
    "revenue": set(),
    "qa_observability": {"Preference"},
    "auth": {"Permission", "Group"},
    "admin": set(),
    "sessions": set(),
    "axes": {"AccessAttemptExpiration"},
    "contenttypes": {"ContentType"},
}


def signed_in(role):
    user = User.objects.create_user(role.value)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def annotation():
    return Annotation.objects.create(
        kind="deploy", at=timezone.now(), text="Guest 4711-x moved <b>in</b>"
    )


@pytest.mark.parametrize(
    ("role", "erasure", "retention"),
    [
        (Role.VIEWER, 403, 403),
        (Role.QA_ENGINEER, 403, 200),
        (Role.QA_LEAD, 403, 200),
        (Role.ADMIN, 200, 200),
    ],
)
def test_who_may_open_them(role, erasure, retention):
    client = signed_in(role)

    def status(page):
        response = client.get(page, follow=True)
        return response.status_code

    assert (status(ERASURE), status(RETENTION)) == (erasure, retention)


@pytest.mark.parametrize("page", [ERASURE, RETENTION])
def test_strangers_are_sent_to_sign_in(client, page):
    assert "/sign-in?next=" in client.get(page, follow=True).redirect_chain[-1][0]


def test_the_index_leads_to_what_one_may():
    lead, admin = signed_in(Role.QA_LEAD), signed_in(Role.ADMIN)

    assert RETENTION in lead.get("/admin/").text
    assert ERASURE not in lead.get("/admin/").text
    assert ERASURE in admin.get("/admin/").text


def test_looking_shows_the_rows_and_changes_nothing(annotation):
    page = signed_in(Role.ADMIN).post(ERASURE, {"token": "4711-X"}).text

    assert "Annotations: 1" in page
    assert "Guest 4711-x moved &lt;b&gt;in&lt;/b&gt;" in page
    assert 'name="erase"' in page
    annotation.refresh_from_db()
    assert "4711-x" in annotation.text


def test_erasing_masks_and_tells(annotation):
    client = signed_in(Role.ADMIN)

    response = client.post(
        ERASURE, {"token": "4711-x", "reason": "letter of 4711-X", "erase": "1"}
    )

    assert response.status_code == 302
    annotation.refresh_from_db()
    assert annotation.text == "Guest [erased] moved <b>in</b>"
    entry = AuditEntry.objects.get(action="subject.erased")
    assert (entry.actor_name, entry.reason) == ("Admin", "letter of [erased]")
    assert "Erased or masked: 1 rows." in client.get(ERASURE).text


def test_what_is_held_can_be_taken_away_and_that_is_noted(annotation):
    response = signed_in(Role.ADMIN).post(ERASURE, {"token": "4711-x", "export": "1"})

    assert response["Content-Disposition"] == 'attachment; filename="subject.json"'
    assert "no-store" in response["Cache-Control"]
    assert response.json() == {
        "erased": False,
        "places": [
            {
                "place": "Annotations",
                "fate": "mask",
                "count": 1,
                "rows": [
                    {
                        "id": str(annotation.pk),
                        "fields": {
                            "text": "Guest 4711-x moved <b>in</b>",
                            "url": "",
                            "createdBy": "",
                        },
                    }
                ],
            }
        ],
    }
    entry = AuditEntry.objects.get(action="subject.exported")
    assert entry.actor_name == "Admin"
    assert entry.after == {"subject": fingerprint_of("4711-x"), "Annotations": 1}


def test_nothing_found_offers_nothing_to_erase():
    page = signed_in(Role.ADMIN).post(ERASURE, {"token": "nobody at all"}).text

    assert "Nothing names this person." in page
    assert 'name="erase"' not in page


@pytest.mark.parametrize("token", ["", "abc", "....", "x" * 201])
def test_a_useless_token_is_told(token):
    response = signed_in(Role.ADMIN).post(ERASURE, {"token": token, "erase": "1"})

    assert response.status_code == 200
    assert "errorlist" in response.text
    assert not AuditEntry.objects.exists()


def test_only_an_administrator_erases(annotation):
    response = signed_in(Role.QA_LEAD).post(ERASURE, {"token": "4711-x", "erase": "1"})

    assert response.status_code == 403
    annotation.refresh_from_db()
    assert "4711-x" in annotation.text


def test_retention_shows_the_lengths_the_jobs_use(annotation):
    page = signed_in(Role.ADMIN).get(RETENTION).text

    assert f"<td>{SIGN_INS_KEPT.days} days</td>" in page
    assert "<td>12 hours</td>" in page
    assert "<td>until removed by hand</td>" in page

    assert f"{EVENTS_KEPT.days} days" in page
    assert f"{RESULTS_KEPT.days} days" in page
    assert annotation.at.strftime("%Y-%m-%d") in page


def test_every_app_is_accounted_for():
    holding = {
        config.label for config in apps.get_app_configs() if [*config.get_models()]
    }

    assert holding == set(ACCOUNTED_FOR)


@pytest.mark.parametrize("app", ACCOUNTED_FOR)
def test_every_table_has_a_rule_or_a_reason(app):
    ruled = {rule.model.__name__ for rule in RULES if rule.model._meta.app_label == app}

    assert {model.__name__ for model in apps.get_app_config(app).get_models()} == (
        ruled | ACCOUNTED_FOR[app]
    )
