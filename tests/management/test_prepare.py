"""The first administrator and the static files, made once."""

import os
import stat

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import call_command

from qa_observability.management.commands.prepare import (
    collect_what_changed,
    make_administrator,
)


@pytest.mark.django_db
def test_first_administrator_signs_in_with_the_kept_password(tmp_path, rf):
    path = tmp_path / "admin-password"

    assert make_administrator(path) is True

    password = path.read_text().strip()
    person = authenticate(rf.post("/"), username="admin", password=password)
    assert person is not None
    assert (person.is_staff, person.is_superuser) == (True, True)
    assert len(password) >= 20
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.django_db
def test_an_administrator_who_exists_keeps_the_password(tmp_path):
    get_user_model().objects.create_superuser("admin", password="chosen by a person")

    assert make_administrator(tmp_path / "admin-password") is False

    assert get_user_model().objects.get().check_password("chosen by a person")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_password_of_a_start_that_was_killed_is_used(tmp_path):
    path = tmp_path / "admin-password"
    path.write_text("written before the account\n")

    assert make_administrator(path) is True

    assert get_user_model().objects.get().check_password("written before the account")


@pytest.fixture
def style(tmp_path, settings):
    """The only static file there is."""
    source = tmp_path / "source"
    source.mkdir()
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = [
        "django.contrib.staticfiles.finders.FileSystemFinder"
    ]
    settings.STATIC_ROOT = tmp_path / "static"
    (source / "a.css").write_text("a {}")
    return source / "a.css"


def test_static_files_are_collected_only_when_one_has_changed(style, settings):
    root = settings.STATIC_ROOT

    assert collect_what_changed(root) is True
    assert collect_what_changed(root) is False
    style.write_text("a { }")
    os.utime(style, (4e9, 4e9))  # as if edited later than this second
    assert collect_what_changed(root) is True

    assert (root / "a.css").read_text() == "a { }"


@pytest.mark.django_db
def test_prepare_twice_changes_nothing_the_second_time(tmp_path, style, capsys):
    arguments = ["prepare", "--password-file", str(tmp_path / "admin-password")]

    call_command(*arguments)
    first = capsys.readouterr().out
    call_command(*arguments)

    assert first == "Created the administrator admin.\n"
    assert capsys.readouterr().out == ""
