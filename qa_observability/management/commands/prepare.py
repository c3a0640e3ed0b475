"""Make the database, the first administrator and the static files ready to serve."""

import hashlib
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from qa_observability.runtime.secret_files import write_private

ADMINISTRATOR = "admin"


class Command(BaseCommand):
    """Safe to run again: what is there already stays as it is."""

    help = "Apply migrations, create the first administrator, collect static files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--password-file",
            type=Path,
            required=True,
            help="Where a new administrator's generated password is kept, mode 0600.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if make_administrator(options["password_file"]):
            self.stdout.write(f"Created the administrator {ADMINISTRATOR}.")
        collect_what_changed(Path(settings.STATIC_ROOT))


def make_administrator(password_file: Path) -> bool:
    """Create the superuser ``admin`` unless the name exists; return whether it was made.

    The generated password is written before the account: a start that is killed between
    the two finds the file and uses what it says.
    """
    people = get_user_model().objects
    if people.filter(username=ADMINISTRATOR).exists():
        return False
    if not password_file.exists():
        write_private(password_file, secrets.token_urlsafe(18) + "\n")
    people.create_superuser(ADMINISTRATOR, password=password_file.read_text().strip())
    return True


def collect_what_changed(root: Path) -> bool:
    """Collect static files unless all are as last time; return whether it was needed.

    Fingerprinting and compressing takes longer than the rest of a later start.
    """
    stamp, state = root / ".collected", state_of_sources()
    if stamp.exists() and stamp.read_text() == state:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)
    return True


def state_of_sources() -> str:
    """Return a digest of names, sizes and times of all static files of all apps."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
