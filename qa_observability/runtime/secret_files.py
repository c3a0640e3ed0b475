"""Secrets that a first start makes and later starts find again, in files only we read."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

OWNER_ONLY = 0o600


def local_secrets(path: Path) -> dict[str, str]:
    """Return the secrets kept in ``path``; those it does not hold are made and added.

    Losing the file makes sealed revenue assumptions unreadable: it belongs in backups.
    """
    kept = read_variables(path)
    made = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "REVENUE_KEYS": "local:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    if made.keys() - kept.keys():
        kept = made | kept
        write_variables(path, kept)
    return kept


def read_variables(path: Path) -> dict[str, str]:
    """Return the ``NAME=value`` lines of a file; empty when there is none."""
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {name: value for name, _, value in pairs}


def write_variables(path: Path, variables: Mapping[str, str]) -> None:
    """Write ``NAME=value`` lines that only we may read, replacing the file as a whole."""
    text = "".join(f"{name}={value}\n" for name, value in variables.items())
    write_private(path, text)


def write_private(path: Path, text: str) -> None:
    """Write a file that is never, not even for a moment, readable by others."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    unfinished.rename(path)
