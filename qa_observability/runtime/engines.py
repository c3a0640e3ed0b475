"""The servers this project brings itself, and the variables by which they are found."""

from collections.abc import Callable, Mapping
from pathlib import Path

from qa_observability.runtime.account import Account, server_account
from qa_observability.runtime.binaries import find_postgres, find_valkey
from qa_observability.runtime.copies import readable_program, readable_programs
from qa_observability.runtime.places import Places, prepare_places
from qa_observability.runtime.postgres import Cluster, database_url
from qa_observability.runtime.supervisor import Supervisor
from qa_observability.runtime.valkey import Valkey, redis_url

Say = Callable[[str], None]
# Web 2 x 4 threads, worker 2, beat, a second terminal, and room.
POSTGRES_SETTINGS = {"max_connections": "60", "shared_buffers": "128MB"}


def start_engines(
    supervisor: Supervisor, local: Path, environ: Mapping[str, str]
) -> dict[str, str]:
    """Start what ``environ`` names no server for; return the variables to find it by.

    Raises ``CannotStart`` when programs are missing, folders cannot be used, or a server
    does not come up.
    """
    wanted = {"DATABASE_URL", "REDIS_URL"} - {name for name in environ if environ[name]}
    if not wanted:
        return {}
    account = server_account()
    places = prepare_places(local, account)
    found: dict[str, str] = {}
    if "DATABASE_URL" in wanted:
        _start_postgres(supervisor, places, account, environ)
        found["DATABASE_URL"] = database_url(places.sockets)
    if "REDIS_URL" in wanted:
        _start_valkey(supervisor, places, account, environ)
        found["REDIS_URL"] = redis_url(places.sockets)
    return found


def _start_postgres(
    supervisor: Supervisor,
    places: Places,
    account: Account | None,
    environ: Mapping[str, str],
) -> None:
    programs = find_postgres(environ)
    cluster = Cluster(
        programs=readable_programs(programs, account),
        data=places.servers / "postgres",
        sockets=places.sockets,
        log=places.logs / "postgres.log",
        account=account,
        settings=POSTGRES_SETTINGS,
    )
    supervisor.say(
        f"Starting PostgreSQL {programs.major} ({programs.origin}), data in {cluster.data}"
    )
    cluster.initialise()
    supervisor.start(cluster)
    cluster.create_database()


def _start_valkey(
    supervisor: Supervisor,
    places: Places,
    account: Account | None,
    environ: Mapping[str, str],
) -> None:
    program, origin = find_valkey(environ)
    supervisor.say(f"Starting Valkey ({origin})")
    supervisor.start(
        Valkey(
            program=readable_program(program, account),
            data=places.servers / "valkey",
            sockets=places.sockets,
            log=places.logs / "valkey.log",
            account=account,
        )
    )
