"""Secrets are made once and kept where only we read them."""

import base64
import stat

from qa_observability.lib.crypto import KeyRing
from qa_observability.runtime.secret_files import (
    local_secrets,
    read_variables,
    write_private,
    write_variables,
)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_strong_and_private(tmp_path):
    made = local_secrets(tmp_path / "secrets.env")

    assert sorted(made) == ["REVENUE_KEYS", "SECRET_KEY"]
    assert len(made["SECRET_KEY"]) >= 64
    assert KeyRing.parse(made["REVENUE_KEYS"]).newest == "local"
    assert len(base64.b64decode(made["REVENUE_KEYS"].partition(":")[2])) == 32
    assert mode_of(tmp_path / "secrets.env") == 0o600


def test_later_starts_find_the_same_secrets(tmp_path):
    path = tmp_path / "secrets.env"

    assert local_secrets(path) == local_secrets(path) == read_variables(path)


def test_two_places_have_different_secrets(tmp_path):
    one, other = local_secrets(tmp_path / "one"), local_secrets(tmp_path / "other")

    assert one["SECRET_KEY"] != other["SECRET_KEY"]
    assert one["REVENUE_KEYS"] != other["REVENUE_KEYS"]


def test_a_rotated_key_is_kept_and_a_missing_secret_made(tmp_path):
    path = tmp_path / "secrets.env"
    path.write_text("REVENUE_KEYS=new:abc=,local:def=\n")

    secrets = local_secrets(path)

    assert secrets["REVENUE_KEYS"] == "new:abc=,local:def="
    assert read_variables(path) == secrets
    assert len(secrets["SECRET_KEY"]) >= 64


def test_variables_survive_writing_and_reading(tmp_path):
    variables = {"A": "1", "URL": "unix:///a%20b?x=y=z", "EMPTY": ""}

    write_variables(tmp_path / "file", variables)

    assert read_variables(tmp_path / "file") == variables


def test_absent_file_holds_no_variables(tmp_path):
    assert read_variables(tmp_path / "absent") == {}


def test_private_file_replaces_an_open_one_and_a_half_written_one(tmp_path):
    path, half = tmp_path / "file", tmp_path / "file.new"
    path.write_text("old")
    path.chmod(0o644)
    half.write_text("left by a killed start")

    write_private(path, "new")

    assert (path.read_text(), mode_of(path)) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [path]
