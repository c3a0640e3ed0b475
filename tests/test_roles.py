import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User

from qa_observability.roles import Role, allows, grant_rights, remove_roles

pytestmark = pytest.mark.django_db


def rights_of(role):
    permissions = Group.objects.get(name=role).permissions.select_related(
        "content_type"
    )
    return {f"{p.content_type.app_label}.{p.codename}" for p in permissions}


@pytest.mark.parametrize("role", Role)
def test_the_migrations_gave_each_role_its_rights(role):
    known = Permission.objects.select_related("content_type")

    assert rights_of(role) == {
        right
        for p in known
        if allows(role, right := f"{p.content_type.app_label}.{p.codename}")
    }


def test_each_role_may_what_the_one_before_may():
    viewer, engineer, lead, admin = (rights_of(role) for role in Role)

    assert viewer < engineer < lead < admin


@pytest.mark.parametrize(
    ("right", "first"),
    [
        ("integration_health.view_integrationevent", Role.VIEWER),
        ("integration_health.record_health", Role.QA_ENGINEER),
        ("integration_health.ingest_events", Role.QA_ENGINEER),
        ("integration_health.import_files", Role.QA_ENGINEER),
        ("integration_health.act_on_incidents", Role.QA_ENGINEER),
        ("correlation.ingest_results", Role.QA_ENGINEER),
        ("qa_observability.use_admin", Role.QA_ENGINEER),
        ("revenue.view_money", Role.QA_LEAD),
        ("revenue.view_revenueassumption", Role.QA_LEAD),
        ("revenue.configure_revenue", Role.ADMIN),
        ("revenue.send_reports", Role.ADMIN),
        ("revenue.add_reportrecipient", Role.ADMIN),
        ("integration_health.configure_integrations", Role.ADMIN),
        ("integration_health.delete_integrationevent", Role.ADMIN),
        ("qa_observability.add_token", Role.ADMIN),
        ("qa_observability.view_auditentry", Role.ADMIN),
        ("auth.change_user", Role.ADMIN),
    ],
)
def test_a_right_begins_at_a_role(right, first):
    roles = list(Role)
    holders = [role for role in roles if right in rights_of(role)]

    assert holders == roles[roles.index(first) :]


@pytest.mark.parametrize(
    "right",
    [
        "auth.delete_user",
        "auth.change_group",
        "auth.add_permission",
        "qa_observability.change_token",
    ],
)
def test_no_role_stands_above_the_roles(right):
    assert [role for role in Role if allows(role, right)] == []


def test_granting_again_changes_nothing_and_takes_nothing_away():
    extra = Permission.objects.get(codename="delete_group")
    Group.objects.get(name=Role.VIEWER).permissions.add(extra)
    before = {role: rights_of(role) for role in Role}

    grant_rights(apps)

    assert {role: rights_of(role) for role in Role} == before


def test_the_migration_can_be_undone():
    Group.objects.create(name="Guests")

    remove_roles(apps)

    assert list(Group.objects.values_list("name", flat=True)) == ["Guests"]


def test_a_person_in_a_role_has_its_rights():
    user = User.objects.create_user("ada")
    user.groups.add(Group.objects.get(name=Role.QA_LEAD))

    assert user.has_perm("revenue.view_money")
    assert not user.has_perm("revenue.configure_revenue")
