"""Only one start per folder at a time; the lock ends with the process that holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa_observability.runtime.errors import CannotStart


@contextmanager
def only_start(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. Raises ``CannotStart`` naming the process that has it."""
    with (folder / "lock").open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as refusal:
            stream.seek(0)
            holder = stream.read().strip() or "unknown"
            raise CannotStart(
                f"It is already running (process {holder}, folder {folder}): use that "
                "one, or stop it with Ctrl-C in its terminal and start again."
            ) from refusal
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield
