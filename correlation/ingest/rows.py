"""As which row is a result stored? Scrubbed, with its run, in COPY's text form."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from correlation.parsed import ParsedResult
from qa_observability.lib.ids import uuid7_text
from qa_observability.lib.scrub import scrub_text

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
_NULL = r"\N"


@dataclass(frozen=True, slots=True)
class Run:
    """Source, run and revision of results that bring none of their own.

    Without ``run_id`` a result's own moment names its run.
    """

    source: str
    run_id: str = ""
    revision: str = ""


def row_text(result: ParsedResult, run: Run, now: datetime) -> str:
    """Return the line COPY takes, in the order of ``pending_results``' columns.

    Names and messages are scrubbed; ids never are, they are hashes or the client's own.
    """
    family = result.family
    return "\t".join(
        (
            str(result.line),
            uuid7_text(int(now.timestamp() * 1000)),
            _escaped(result.test_case_id),
            _scrubbed_name(result.name),
            _escaped(family.id) if family else "",
            _scrubbed_name(family.name) if family else "",
            result.integration_id or _NULL,
            _escaped(result.source or run.source),
            _escaped(_run_id(result, run)),
            result.status.value,
            result.executed_at.isoformat(),
            result.time_basis.value,
            _NULL if result.duration_ms is None else str(result.duration_ms),
            str(result.attempts),
            _escaped(scrub_text(result.message)) if result.message else "",
            _escaped(result.revision or run.revision),
        )
    )


def _run_id(result: ParsedResult, run: Run) -> str:
    """Return the run; the later rounds of one run over other data are runs of their own."""
    run_id = result.run_id or run.run_id or result.executed_at.isoformat()
    return f"{run_id}#{result.iteration + 1}" if result.iteration else run_id


@lru_cache(maxsize=50_000)  # the same tests report again and again
def _scrubbed_name(name: str) -> str:
    return _escaped(scrub_text(name))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _ESCAPES[sign[0]], text)
