"""Folders the servers' account reaches, closed to everybody else."""

import os
import stat
from pathlib import Path

import pytest

from qa_observability.runtime.account import server_account
from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.places import (
    fits_socket,
    folder_open_to_all,
    logs_in,
    prepare_local,
    prepare_places,
)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_local_folder_is_closed_to_other_people(tmp_path):
    local = tmp_path / "deep" / "local"

    prepare_local(local)

    assert mode_of(local) == (0o711 if os.geteuid() == 0 else 0o700)
    assert mode_of(logs_in(local)) == 0o700


def test_a_folder_that_cannot_be_made_is_named_with_a_cure(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(CannotStart) as refusal:
        prepare_local(tmp_path / "file" / "local")

    assert refusal.value.detail == (
        f"The folder {tmp_path}/file/local cannot be used (Not a directory): "
        "make it writable, or set LOCAL_DIR to one that is."
    )


def test_everything_lies_in_the_local_folder_where_that_can_be(tmp_path):
    local = tmp_path / "l"
    prepare_local(local)

    places = prepare_places(local, None)

    assert (places.servers, places.logs) == (local, local / "logs")
    assert mode_of(places.sockets) == 0o700


@pytest.mark.parametrize(("length", "fits"), [(103, True), (104, False)])
def test_socket_address_has_at_most_103_bytes(length, fits):
    folder = "/é"
    folder += "x" * (length - len(os.fsencode(f"{folder}/.s.PGSQL.5432")))

    assert fits_socket(Path(folder)) is fits


def test_sockets_of_a_deep_project_lie_in_a_short_place(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    local = tmp_path / ("deep" * 30)
    prepare_local(local)

    places = prepare_places(local, None)

    assert places.servers == local
    assert fits_socket(places.sockets)
    assert mode_of(places.sockets) == 0o700
    assert prepare_places(local, None) == places


def test_a_folder_of_somebody_else_is_not_used(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "trap").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(
        CannotStart, match=rf"^{tmp_path}/trap belongs to somebody else"
    ):
        folder_open_to_all(tmp_path / "trap")


@as_root
def test_servers_of_root_lie_where_their_account_reaches_them(open_folder, monkeypatch):
    base = open_folder / "reachable"
    base.mkdir()
    monkeypatch.setattr(
        "qa_observability.runtime.places.REACHABLE_BY_ALL", (base / "absent", base)
    )
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    account = server_account()
    assert account is not None

    prepare_local(closed / "local")
    places = prepare_places(closed / "local", account)

    assert places.local == closed / "local"
    assert places.servers.parent == base / "qa-observability"
    assert places.sockets.stat().st_uid == account.uid
    assert account.can_enter(places.sockets)
    assert not account.can_enter(places.local)
