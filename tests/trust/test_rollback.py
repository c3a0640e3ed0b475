"""A release can be taken back: its migrations undo what they did, and apply again."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from qa_observability.audit import record
from qa_observability.probes import check_database
from qa_observability.roles import Role
from tests.test_backup import another_database

OURS = ("correlation", "revenue", "integration_health", "qa_observability")


def structure():
    """Columns, constraints, indexes and triggers, as the server describes them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'column', table_name, column_name, data_type, is_nullable::text"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " UNION ALL SELECT 'constraint', conrelid::regclass::text, conname,"
            " pg_get_constraintdef(oid), '' FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT 'index', tablename, indexname, indexdef, ''"
            " FROM pg_indexes WHERE schemaname = 'public'"
            " UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname,"
            " pg_get_triggerdef(oid), '' FROM pg_trigger WHERE NOT tgisinternal"
        )
        return sorted(cursor.fetchall())


def newest_and_before(app):
    """The newest migration of an app and the one it stands on."""
    names = sorted(
        name for label, name in MigrationLoader(None).disk_migrations if label == app
    )
    return names[-1], names[-2]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_newest_migration_of_each_app_can_be_taken_back_and_put_on_again():
    own = connection.settings_dict["NAME"]
    with another_database(f"{own}_rolled"):
        connection.close()
        connection.settings_dict["NAME"] = f"{own}_rolled"
        call_command("migrate", verbosity=0)
        record(None, "kept", "over the way back")
        before = structure()

        for app in OURS:
            newest, previous = newest_and_before(app)
            call_command("migrate", app, previous, verbosity=0)
            applied = MigrationRecorder(connection).applied_migrations()
            assert (app, newest) not in applied
            assert not check_database().ok
            call_command("migrate", verbosity=0)

            assert check_database().ok
            assert structure() == before
        with connection.cursor() as cursor:
            cursor.execute("SELECT action FROM qa_audit_entries")
            assert cursor.fetchall() == [("kept",)]
            cursor.execute("SELECT name FROM auth_group ORDER BY name")
            assert [name for (name,) in cursor.fetchall()] == sorted(Role)
