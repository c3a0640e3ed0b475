"""What did a program print last?"""

from pathlib import Path

LONGEST_TAIL = 64 * 1024


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
