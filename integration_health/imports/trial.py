"""What would a rule move in the last import, before it is saved?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from integration_health.domain.mapping import Mapped
from integration_health.domain.traffic import ratio
from integration_health.enums import Aspect
from integration_health.imports.intake import NO_PATH
from integration_health.imports.remap import imports_in_reach
from integration_health.models import EndpointRule, EndpointStat, ImportBatch
from integration_health.rules import StoredRules

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of the export, and the requests and errors in them; the rate is 0 to 1."""

    rows: int
    requests: int
    errors: int
    error_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class KeyBeforeAndAfter:
    """What belongs to one channel, partner or nobody: by today's rules, and with this."""

    integration_key: str
    before: Counted
    after: Counted


@dataclass(frozen=True, slots=True)
class MovedRoute:
    """A route that would belong elsewhere, or concern something else."""

    route: str
    channel_hint: str
    from_key: str
    from_aspect: str
    to_key: str
    to_aspect: str
    rows: int
    requests: int
    errors: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would move in the last import; nothing is stored.

    ``import_id`` is ``None`` when there is no import to try it on. ``integrations`` lists
    every key whose counts would change, ``routes`` the 100 largest that would move.
    """

    import_id: UUID | None
    file_name: str
    imported_at: datetime | None
    moved: Counted
    integrations: Sequence[KeyBeforeAndAfter]
    routes: Sequence[MovedRoute]


def try_rule(rule: EndpointRule, now: datetime) -> Trial:
    """Return what an unsaved rule would move in the last import of 90 days.

    A rule with the id of a stored one takes its place. Before is what today's rules make
    of the import, whether or not it was mapped by them.
    """
    batch = imports_in_reach(now).order_by("-created_at", "-id").first()
    before, after = StoredRules(), StoredRules(trial=rule)
    moved: list[MovedRoute] = []
    sums: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for stat in _counts(batch):
        old, new = _places(stat, before, after)
        for place, side in ((old, 0), (new, 1)):
            sums.setdefault(place.integration_key, (Counter(), Counter()))[side].update(
                _numbers(stat)
            )
        if (old.integration_key, old.aspect) != (new.integration_key, new.aspect):
            moved.append(_moved(stat, old, new))
    moved.sort(key=lambda each: (-each.requests, each.route))
    return Trial(
        import_id=batch.pk if batch else None,
        file_name=batch.file_name if batch else "",
        imported_at=batch.created_at if batch else None,
        moved=_counted(
            {
                name: sum(getattr(each, name) for each in moved)
                for name in ("rows", "requests", "errors")
            }
        ),
        integrations=[
            KeyBeforeAndAfter(key, _counted(old_sums), _counted(new_sums))
            for key, (old_sums, new_sums) in sorted(sums.items())
            if old_sums != new_sums
        ],
        routes=moved[:MOST_LISTED],
    )


def _counts(batch: ImportBatch | None) -> Iterator[EndpointStat]:
    if batch is not None:
        yield from batch.endpoints.order_by("route", "channel_hint").iterator()


def _places(
    stat: EndpointStat, before: StoredRules, after: StoredRules
) -> tuple[Mapped, Mapped]:
    if stat.route == NO_PATH:  # mapped by a text that is not kept
        same = Mapped(stat.integration_key, Aspect(stat.aspect))
        return same, same
    return (
        before.resolve(stat.route, stat.channel_hint),
        after.resolve(stat.route, stat.channel_hint),
    )


def _numbers(stat: EndpointStat) -> dict[str, int]:
    return {"rows": stat.rows, "requests": stat.requests, "errors": stat.errors}


def _moved(stat: EndpointStat, old: Mapped, new: Mapped) -> MovedRoute:
    return MovedRoute(
        route=stat.route,
        channel_hint=stat.channel_hint,
        from_key=old.integration_key,
        from_aspect=old.aspect,
        to_key=new.integration_key,
        to_aspect=new.aspect,
        rows=stat.rows,
        requests=stat.requests,
        errors=stat.errors,
    )


def _counted(numbers: "dict[str, int] | Counter[str]") -> Counted:
    requests, errors = numbers["requests"], numbers["errors"]
    return Counted(numbers["rows"], requests, errors, ratio(errors, requests))
