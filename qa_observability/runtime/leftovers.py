"""What did a start that was killed leave running? Found in a list, ended, forgotten.

On Linux the kernel ends everything with its parent; what is left are moments in which a
server still writes its last page. Elsewhere the list is all there is.
"""

import json
import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from signal import Signals
from typing import Any

from qa_observability.runtime import processes
from qa_observability.runtime.secret_files import write_private

GRACE_SECONDS = 5.0
PATIENCE_SECONDS = 20.0


def remember(path: Path, running: Iterable[tuple[processes.Child, Signals]]) -> None:
    """Write the list of what runs now and how each is asked to end."""
    entries = [
        {"pid": child.pid, "command": processes.command_of(child), "ask": int(ask)}
        for child, ask in running
    ]
    write_private(path, json.dumps(entries, indent=1))


def end_leftovers(path: Path) -> int:
    """End what the list names and still runs; return how many there were.

    What is ending already is given some seconds: many programs take a second request for
    an order to drop everything. A process id that another command holds by now is left
    alone.
    """
    if not path.exists():
        return 0
    listed = json.loads(path.read_text())
    left = [one for one in listed if _runs(one)]
    _wait_until_gone(left, GRACE_SECONDS)
    for one in filter(_runs, left):
        with suppress(ProcessLookupError):
            os.kill(one["pid"], one["ask"])
    _wait_until_gone(left, PATIENCE_SECONDS)
    for one in filter(_runs, left):
        processes.kill_group(one["pid"])
    _wait_until_gone(left, PATIENCE_SECONDS)
    path.unlink()
    return len(left)


def _runs(one: dict[str, Any]) -> bool:
    # At the end: a process may still be in the guard, before it became its command.
    return processes.command_line(one["pid"]).endswith(one["command"])


def _wait_until_gone(left: Sequence[dict[str, Any]], seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    while any(map(_runs, left)) and time.monotonic() < give_up_at:
        time.sleep(0.1)
