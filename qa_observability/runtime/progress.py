"""Lines for the person who watches the start."""

import errno
import os
import sys


def say(text: str) -> None:
    """Print one line at once.

    When the reader has gone (``make run | head``), or the disk that keeps it is full, the
    servers matter more than the line.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as refusal:
        if refusal.errno != errno.ENOSPC:
            raise
