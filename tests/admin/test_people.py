import pytest
from django.contrib.auth.models import Group, User

from qa_observability.models import AuditEntry
from qa_observability.roles import Role

pytestmark = pytest.mark.django_db


def change(user):
    return f"/admin/auth/user/{user.pk}/change/"


def form_of(user, **changes):
    return {
        "username": user.username,
        "is_active": "on",
        "groups": [group.pk for group in user.groups.all()],
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
    } | changes


def test_a_role_given_is_recorded_with_what_was_before(person):
    _user, client = person(Role.ADMIN)
    quinn = User.objects.create_user("quinn", password="a-long-password")
    lead = Group.objects.get(name=Role.QA_LEAD)

    response = client.post(change(quinn), form_of(quinn, groups=[lead.pk]))

    assert response.status_code == 302
    (entry,) = AuditEntry.objects.all()
    rights = {"username": "quinn", "active": True, "staff": False, "superuser": False}
    assert (entry.actor_name, entry.action, entry.target_id) == (
        "ada",
        "person.changed",
        str(quinn.pk),
    )
    assert entry.before == rights | {"roles": []}
    assert entry.after == rights | {"roles": ["QA lead"]}


def test_an_admin_cannot_make_superusers(person):
    user, client = person(Role.ADMIN)

    client.post(change(user), form_of(user, is_superuser="on", is_staff="on"))

    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff) == (False, False)


def test_an_admin_cannot_touch_a_superuser(person):
    root = User.objects.create_superuser("root", password="a-long-password")
    _user, client = person(Role.ADMIN)

    assert client.post(change(root), form_of(root, username="mine")).status_code == 403
    assert client.post(f"/admin/auth/user/{root.pk}/password/", {}).status_code == 403
    root.refresh_from_db()
    assert root.username == "root"


def test_a_superuser_can(root):
    quinn = User.objects.create_user("quinn", password="a-long-password")

    root.post(change(quinn), form_of(quinn, is_superuser="on"))

    quinn.refresh_from_db()
    assert quinn.is_superuser


def test_a_new_person_is_recorded(person):
    _user, client = person(Role.ADMIN)
    form = {
        "username": "quinn",
        "usable_password": "true",
        "password1": "eight-wild-geese",
        "password2": "eight-wild-geese",
    }

    client.post("/admin/auth/user/add/", form)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.before, entry.after["username"]) == (
        "person.added",
        None,
        "quinn",
    )
    assert "geese" not in str(entry.after)


def test_a_weak_password_is_refused(person):
    _user, client = person(Role.ADMIN)
    form = {
        "username": "quinn",
        "usable_password": "true",
        "password1": "password1234",
        "password2": "password1234",
    }

    client.post("/admin/auth/user/add/", form)

    assert not User.objects.filter(username="quinn").exists()


def test_setting_a_password_is_recorded(person):
    _user, client = person(Role.ADMIN)
    quinn = User.objects.create_user("quinn")
    form = {
        "usable_password": "true",
        "password1": "eight-wild-geese",
        "password2": "eight-wild-geese",
    }

    client.post(f"/admin/auth/user/{quinn.pk}/password/", form)

    assert "person.password_set" in AuditEntry.objects.values_list("action", flat=True)


def test_a_deletion_is_recorded(root):
    quinn = User.objects.create_user("quinn")

    root.post(f"/admin/auth/user/{quinn.pk}/delete/", {"post": "yes"})

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.before["username"]) == ("person.deleted", "quinn")


def test_roles_are_changed_by_superusers_only(person, root):
    _user, client = person(Role.ADMIN)
    path = f"/admin/auth/group/{Group.objects.get(name=Role.VIEWER).pk}/change/"

    assert client.post(path, {"name": "Everyone"}).status_code == 403
    assert root.post(path, {"name": "Everyone"}).status_code == 302
