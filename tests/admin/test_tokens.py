import re

import pytest
from django.contrib.auth.models import User

from qa_observability.models import AuditEntry, Token
from qa_observability.roles import Role
from qa_observability.tokens import token_for

pytestmark = pytest.mark.django_db
ADD, LIST = "/admin/qa_observability/token/add/", "/admin/qa_observability/token/"


def issue(client, user, **changes):
    form = {
        "name": "pipeline",
        "user": user.pk,
        "scopes": ["ingest"],
        "expires_at_0": "",
        "expires_at_1": "",
    }
    return client.post(ADD, form | changes, follow=True)


def test_the_key_is_shown_once(person):
    user, client = person(Role.ADMIN)

    page = issue(client, user).content.decode()

    (key,) = re.findall(r"<code>(qa_[\w-]+)</code>", page)
    token = token_for(key)
    assert token is not None
    assert (token.user, token.scopes, token.name) == (user, ["ingest"], "pipeline")
    assert key not in client.get(LIST).content.decode()


def test_issuing_is_audited_under_the_issuers_name(person):
    user, client = person(Role.ADMIN)

    issue(client, user)

    assert [(e.actor_name, e.action) for e in AuditEntry.objects.all()] == [
        ("ada", "token.issued")
    ]


def test_no_one_climbs_by_a_token_of_a_superuser(person):
    root = User.objects.create_superuser("root")
    _user, client = person(Role.ADMIN)

    issue(client, root)

    assert Token.objects.count() == 0


@pytest.mark.parametrize("scopes", [[], ["root"]])
def test_scopes_must_be_known(person, scopes):
    user, client = person(Role.ADMIN)

    issue(client, user, scopes=scopes)

    assert Token.objects.count() == 0


def test_a_token_born_expired_is_refused_on_the_form(person):
    user, client = person(Role.ADMIN)

    response = issue(client, user, expires_at_0="2020-01-01", expires_at_1="00:00")

    assert response.status_code == 200
    assert "in the future" in response.content.decode()
    assert Token.objects.count() == 0


def test_revoking_is_an_action_on_the_list(person):
    user, client = person(Role.ADMIN)
    issue(client, user)
    token = Token.objects.get()

    page = client.post(
        LIST, {"action": "revoke", "_selected_action": [token.pk]}, follow=True
    )

    assert "1 token revoked." in page.content.decode()
    assert Token.objects.get().revoked_at is not None
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "token.issued",
        "token.revoked",
    }


def test_a_token_is_neither_edited_nor_deleted(person):
    user, client = person(Role.ADMIN)
    issue(client, user)
    token = Token.objects.get()

    client.post(f"{LIST}{token.pk}/change/", {"name": "other"})
    client.post(
        LIST,
        {"action": "delete_selected", "_selected_action": [token.pk], "post": "yes"},
    )

    assert Token.objects.get().name == "pipeline"


@pytest.mark.parametrize("role", [Role.QA_ENGINEER, Role.QA_LEAD])
def test_others_do_not_see_tokens(person, role):
    _user, client = person(role)

    assert client.get(LIST).status_code == 403
    assert client.get(ADD).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(
    person, django_assert_num_queries, count
):
    user, client = person(Role.ADMIN)
    for _ in range(count):
        issue(client, user)
    client.get(LIST)

    with django_assert_num_queries(8):
        client.get(LIST)
