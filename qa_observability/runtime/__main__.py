"""``python -m qa_observability.runtime up``: the one foreground command."""

import argparse
import errno
import os
import signal
import sys
from pathlib import Path
from types import FrameType

import environ

from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.guard import end_with_parent
from qa_observability.runtime.progress import say
from qa_observability.runtime.up import up

FOLDER = Path(__file__).resolve().parent.parent.parent
PRIVATE = 0o077
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Somebody pressed Ctrl-C, sent SIGTERM, or closed the terminal."""


def main(arguments: list[str]) -> int:
    """Run the command; return 0 when it was told to stop, 1 when it cannot run."""
    parser = argparse.ArgumentParser(prog="python -m qa_observability.runtime")
    parser.add_argument("command", choices=["up"], help="start everything, stay")
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the caller dies"
    )
    if parser.parse_args(arguments).with_parent:
        end_with_parent(signal.SIGTERM)
    os.umask(PRIVATE)
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    # Before .env is read, as the settings do it.
    local = Path(os.environ.get("LOCAL_DIR") or FOLDER / ".local").absolute()
    environ.Env.read_env(FOLDER / ".env")
    try:
        up(FOLDER, local, dict(os.environ), say)
    except CannotStart as refusal:
        sys.stderr.write(f"Cannot start: {refusal.detail}\n")
        return 1
    except OSError as refusal:
        if refusal.errno not in NO_ROOM:
            raise
        sys.stderr.write(
            f"Cannot go on: {refusal.strerror}. Make room where {local} lies, or set "
            "LOCAL_DIR to a folder on another disk.\n"
        )
        return 1
    except StopRequested:
        say("Stopped.")
    return 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: the orderly stop that follows must not be cut off.
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise StopRequested


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
