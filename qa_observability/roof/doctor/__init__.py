"""Is everything this service needs there, and if not, what should one do?"""

from collections.abc import Iterator
from datetime import datetime

from qa_observability.roof.doctor import data, machine, servers
from qa_observability.roof.doctor.findings import Finding, Verdict

__all__ = ["Finding", "Verdict", "examine"]


def examine(now: datetime) -> list[Finding]:
    """Return one finding per thing looked at; what needs an absent server is left out."""
    return list(_findings(now))


def _findings(now: datetime) -> Iterator[Finding]:
    yield machine.configuration()
    database = servers.database()
    yield database
    if database.verdict is not Verdict.FAIL:
        migrations = servers.migrations()
        yield migrations
        yield servers.clock()
        if migrations.verdict is Verdict.OK:
            yield data.partitions(now)
            yield data.keys()
            yield data.schedule(now)
            yield data.jobs()
    yield servers.broker()
    yield machine.disk()
    yield machine.static_files()
    yield servers.mail()
