"""What did a program print last, and how much of it is kept?"""

import os
import re
import shutil
from pathlib import Path

LONGEST_TAIL = 64 * 1024
LONGEST_LOG = 16 * 1024 * 1024
LINES_OF_ONE_FAILURE = 20
# PANIC is what follows a FATAL; initdb's own errors are in small letters.
COMPLAINT = re.compile(r"(?:FATAL:|initdb: error:).*")


def last_lines(log: Path, count: int) -> list[str]:
    """Return the last ``count`` lines that are not blank; none when there is no log."""
    if not log.exists():
        return []
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - LONGEST_TAIL))
        text = stream.read().decode(errors="replace")
    return [line.rstrip() for line in text.splitlines() if line.strip()][-count:]


def last_line(log: Path) -> str:
    """Return the last line a program printed, or a sentence saying there is none."""
    return "".join(last_lines(log, 1)).strip() or f"it printed nothing to {log}."


def last_complaint(log: Path) -> str:
    """Return the last line that names an error of PostgreSQL's, else the last line."""
    for line in reversed(last_lines(log, LINES_OF_ONE_FAILURE)):
        found = COMPLAINT.search(line)
        if found:
            return found[0]
    return last_line(log)


def trim(log: Path) -> None:
    """Move a log of more than 16 MiB to ``NAME.old`` and begin it anew.

    Its program goes on writing to the same file, opened for appending, and need not
    know; a line printed at that very moment may be lost.
    """
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        shutil.copyfile(log, log.with_name(f"{log.name}.old"))
        os.truncate(log, 0)
