import pytest
from django.test import Client

from qa_observability.roles import Role

pytestmark = pytest.mark.django_db


def test_strangers_are_sent_to_our_sign_in():
    response = Client().get("/admin/")

    assert response.status_code == 302
    page = Client().get(response["Location"])
    assert (page.status_code, page["Location"]) == (302, "/sign-in?next=/admin/")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        pytest.param(Role.QA_ENGINEER, 200, id="engineer"),
        pytest.param(Role.QA_LEAD, 200, id="lead"),
        pytest.param(Role.ADMIN, 200, id="admin"),
    ],
)
def test_who_may_enter_data_may_enter(person, role, status):
    _user, client = person(role)

    assert client.get("/admin/").status_code == status


def test_viewers_may_not_and_are_not_sent_in_circles(person):
    _user, client = person(Role.VIEWER)

    assert client.get("/admin/", follow=True).status_code == 403


def test_the_disabled_may_not(person):
    user, client = person(Role.ADMIN)
    user.is_active = False
    user.save()

    assert client.get("/admin/").status_code == 302


def test_the_site_bears_our_name(root):
    page = root.get("/admin/").content.decode()

    assert "QA Observability" in page
    assert 'href="/dashboard"' in page
