"""A PostgreSQL of its own for each test run: private, unsafe and fast, gone afterwards.

The place is chosen when the settings load and inherited by xdist's workers; the server
starts when the first test asks for a database, or at once in xdist's controller.
``DATABASE_URL`` set from outside is used instead.
"""

import fcntl
import os
import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qa_observability.runtime import processes
from qa_observability.runtime.account import server_account
from qa_observability.runtime.binaries import find_postgres
from qa_observability.runtime.copies import readable_programs
from qa_observability.runtime.places import fits_socket, folder_open_to_all
from qa_observability.runtime.postgres import Cluster, database_url

PREFIX = "qa-tests-"
PLACE = "QA_TEST_CLUSTER"
YOUNG_SECONDS = 60
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "40",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "autovacuum": "off",
}


def choose_place() -> None:
    """Set ``DATABASE_URL`` to a cluster yet to be started, unless it is set.

    The run's uploads and static files go to the same place, not into the user's.
    """
    if "DATABASE_URL" not in os.environ:
        name = PREFIX + secrets.token_hex(4)
        place = Path(tempfile.gettempdir()).resolve() / name
        if os.getuid() == 0 or not fits_socket(place / "s"):
            # Root's own temporary folder may be closed to the server's account.
            place = Path("/tmp") / name
        os.environ[PLACE] = str(place)
        os.environ["DATABASE_URL"] = database_url(place / "s")
        os.environ["LOCAL_DIR"] = str(place / "local")


@contextmanager
def running_cluster() -> Iterator[None]:
    """Run the cluster whose place was chosen; remove it afterwards.

    Does nothing where ``DATABASE_URL`` came from outside, or where it runs already: in
    xdist's workers the controller's is in use.
    """
    place = Path(os.environ.get(PLACE, os.devnull))
    if place == Path(os.devnull) or (place / "lock").exists():
        yield
        return
    remove_leftovers(place.parent)
    account = server_account()
    folder_open_to_all(place)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sockets = place / "s"
        sockets.mkdir(mode=0o700)
        if account:
            account.owns(sockets)
        cluster = Cluster(
            programs=readable_programs(find_postgres(os.environ), account),
            data=place / "data",
            sockets=sockets,
            log=place / "log",
            account=account,
            settings=FAST,
        )
        try:
            cluster.initialise()
            cluster.start()
            yield
        finally:
            cluster.stop()
            shutil.rmtree(place, ignore_errors=True)


def remove_leftovers(folder: Path) -> None:
    """End and remove clusters of test runs that were killed; leave living runs alone."""
    for place in folder.glob(PREFIX + "*"):
        with suppress(FileNotFoundError, PermissionError, BlockingIOError):
            found = place.stat()
            # One just being made holds no lock yet.
            young = time.time() - found.st_mtime < YOUNG_SECONDS
            if found.st_uid != os.getuid() or young:
                continue
            with (place / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _end_server(place / "data")
                shutil.rmtree(place, ignore_errors=True)


def _end_server(data: Path) -> None:
    with suppress(FileNotFoundError, ProcessLookupError):
        leader = int((data / "postmaster.pid").read_text().split()[0])
        if str(data) in processes.command_line(leader):
            os.kill(leader, signal.SIGQUIT)
