"""From nothing to a page that answers, and back to nothing."""

import time
from collections.abc import Mapping
from pathlib import Path

from qa_observability.runtime.address import Address
from qa_observability.runtime.engines import Say, start_engines
from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.leftovers import end_leftovers
from qa_observability.runtime.lock import only_start
from qa_observability.runtime.logs import last_lines
from qa_observability.runtime.places import logs_in, prepare_local
from qa_observability.runtime.program import Program
from qa_observability.runtime.programs import Project
from qa_observability.runtime.secret_files import local_secrets, write_variables
from qa_observability.runtime.supervisor import Supervisor
from qa_observability.runtime.variables import project_variables, wants_sample

ANSWER_SECONDS = 60.0
LINES_SHOWN = 12
ADMINISTRATOR = "admin"
SECRETS = "secrets.env"
PASSWORD = "admin-password"  # noqa: S105
FOUND_BY_MANAGE = "runtime.env"
RUNNING = "running.json"


def up(folder: Path, local: Path, environ: Mapping[str, str], say: Say) -> None:
    """Start everything in ``folder``, say when it is ready, and watch it for ever.

    Ends only by an exception: a signal's, or ``CannotStart``. Whatever ends it, all
    processes are stopped, and the file that told ``manage.py`` where they are is gone.
    """
    address = Address.from_variables(environ)
    with_sample = wants_sample(environ)
    prepare_local(local)
    with only_start(local):
        if end_leftovers(local / RUNNING):
            say("Ended what a killed start had left running.")
        address.check_free()
        supervisor = Supervisor(say, local / RUNNING)
        try:
            project = _start_servers(supervisor, folder, local, environ, address)
            _prepare(project, with_sample=with_sample, say=say)
            _serve(supervisor, project, address)
            _say_ready(address, local, say)
            supervisor.watch()
        finally:
            say("Stopping.")
            supervisor.stop()
            (local / FOUND_BY_MANAGE).unlink(missing_ok=True)


def _start_servers(
    supervisor: Supervisor,
    folder: Path,
    local: Path,
    environ: Mapping[str, str],
    address: Address,
) -> Project:
    servers = start_engines(supervisor, local, environ)
    variables = project_variables(
        environ, address, local_secrets(local / SECRETS), servers
    )
    write_variables(local / FOUND_BY_MANAGE, variables)
    return Project(
        folder,
        local,
        {
            **environ,
            **variables,
            "LOCAL_DIR": str(local),
            "DJANGO_SETTINGS_MODULE": "qa_observability.settings",
        },
    )


def _prepare(project: Project, *, with_sample: bool, say: Say) -> None:
    say("Preparing database, administrator and static files")
    project.manage("prepare", "--password-file", str(project.local / PASSWORD))
    if with_sample:
        say("Loading the sample quarter if there is no data (SAMPLE=0 starts without)")
        project.manage("load_sample", "--if-needed")


def _serve(supervisor: Supervisor, project: Project, address: Address) -> None:
    supervisor.say("Starting web server, worker and schedule")
    web = project.web(address)
    supervisor.start(web)
    # The page first: on two cores the others would double the wait for it.
    _wait_for_a_page(web, address)
    supervisor.start(project.worker())
    supervisor.start(project.beat())


def _wait_for_a_page(web: Program, address: Address) -> None:
    give_up_at = time.monotonic() + ANSWER_SECONDS
    while not address.answers():
        if web.child is None or web.child.poll() is not None:
            tail = "\n  ".join(["", *last_lines(web.log, LINES_SHOWN)])
            raise CannotStart(f"The web server ended at once. {web.log} ends:{tail}")
        if time.monotonic() > give_up_at:
            raise CannotStart(
                f"{address.url} did not answer without error within "
                f"{ANSWER_SECONDS:.0f} s; the web server's log is {web.log}."
            )
        time.sleep(0.1)


def _say_ready(address: Address, local: Path, say: Say) -> None:
    password = local / PASSWORD
    known = f"password in {password}" if password.exists() else "password as you set it"
    say(f"Ready: {address.url}")
    say(f"Sign in as {ADMINISTRATOR}, {known}. Logs in {logs_in(local)}. Ctrl-C stops.")
