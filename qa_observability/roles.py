"""Which role may do what? Four groups, each with all that the one before it may."""

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions

APPS = (
    "integration_health",
    "correlation",
    "revenue",
    "qa_observability",
    "auth",
    "axes",
)


class Role(StrEnum):
    """Names of the groups."""

    VIEWER = "Viewer"
    QA_ENGINEER = "QA engineer"
    QA_LEAD = "QA lead"
    ADMIN = "Admin"


_VIEWER = ("integration_health.view_*", "correlation.view_*")
_QA_ENGINEER = (
    *_VIEWER,
    "qa_observability.use_admin",
    "integration_health.record_health",
    "integration_health.ingest_events",
    "integration_health.import_files",
    "integration_health.act_on_incidents",
    "integration_health.add_integrationhealth",
    "integration_health.add_integrationevent",
    "integration_health.change_integrationevent",
    "correlation.ingest_results",
    "correlation.add_linkfeedback",
)
_QA_LEAD = (*_QA_ENGINEER, "revenue.view_*")
_ADMIN = (
    *_QA_LEAD,
    "integration_health.*",
    "correlation.*",
    "revenue.*",
    "qa_observability.view_*",
    "qa_observability.add_token",
    "qa_observability.delete_token",
    "auth.view_*",
    "auth.add_user",
    "auth.change_user",
    "axes.view_accessattempt",
    "axes.delete_accessattempt",
)

RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.VIEWER: _VIEWER,
    Role.QA_ENGINEER: _QA_ENGINEER,
    Role.QA_LEAD: _QA_LEAD,
    Role.ADMIN: _ADMIN,
}


def allows(role: Role, right: str) -> bool:
    """Return whether the role has a right, ``"app.codename"``."""
    return any(fnmatchcase(right, pattern) for pattern in RIGHTS[role])


def grant_rights(apps: Apps, _schema_editor: Any = None) -> None:
    """Create the groups and add the rights they lack; never take one away.

    For migrations, whose permissions do not exist yet: Django makes them only after the
    last one. A new model or right takes a new migration that calls this again.
    """
    for label in APPS:
        config: Any = apps.get_app_config(label)
        config.models_module = (
            True  # else Django takes a migration's app for an empty one
        )
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.select_related(
        "content_type"
    )
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permissions.filter(content_type__app_label__in=APPS)
    }
    groups = apps.get_model("auth", "Group").objects
    for role in Role:
        group, _created = groups.get_or_create(name=role.value)
        group.permissions.add(
            *(permission for right, permission in known.items() if allows(role, right))
        )


def remove_roles(apps: Apps, _schema_editor: Any = None) -> None:
    """Undo :func:`grant_rights`: remove the four groups."""
    names = [role.value for role in Role]
    apps.get_model("auth", "Group").objects.filter(name__in=names).delete()
