"""Is the house in order? What one file promises about another."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from importlinter.cli import lint_imports

from qa_observability.celery import app
from qa_observability.schedule import BEAT_SCHEDULE

HOUSE = Path(__file__).parent.parent
READERS = ["qa_observability/settings.py", "qa_observability/env.py"]
READ_BY_MAKE_RUN = {"HOST", "PORT", "SAMPLE", "PG_BIN", "VALKEY_BIN"}


def variables_read(path):
    """Return the names that calls in a file ask the environment for."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())))
    return {
        call.args[0].value
        for call in calls
        if isinstance(call, ast.Call)
        and re.match(r"env\.|os\.environ\.|required$|secret$", ast.unparse(call.func))
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_env_example_names_every_variable_that_is_read_and_no_other():
    named = re.findall(r"(?m)^#([A-Z_]+)=.", (HOUSE / ".env.example").read_text())

    read = set().union(*(variables_read(HOUSE / name) for name in READERS))
    assert sorted(named) == sorted(read | READ_BY_MAKE_RUN)


def test_every_name_in_env_example_has_been_found_by_the_reader():
    assert {"SECRET_KEY", "DATABASE_URL", "LOCAL_DIR", "DEBUG"} <= set().union(
        *(variables_read(HOUSE / name) for name in READERS)
    )


def test_import_contracts_are_kept(monkeypatch):
    monkeypatch.chdir(HOUSE)

    assert lint_imports(no_cache=True) == 0


@pytest.mark.django_db
def test_models_and_migrations_agree(capsys):
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)

    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("entry", BEAT_SCHEDULE.values(), ids=BEAT_SCHEDULE)
def test_every_scheduled_task_exists(entry):
    app.loader.import_default_modules()

    assert entry["task"] in app.tasks


def test_a_killed_workers_job_returns_before_a_longer_job_could_be_doubled():
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS

    assert options["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
