"""Who says what a booking is worth? Every change is a new version, sealed and audited."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.translation import gettext as _

from qa_observability import audit
from qa_observability.lib.crypto import key_id_of
from qa_observability.lib.errors import InvalidField
from qa_observability.lib.periods import utc_day
from revenue.domain.assumptions import AssumptionValues
from revenue.domain.document import Configuration, ConfigurationChange
from revenue.errors import CurrencyMixed, VersionExists
from revenue.models import RevenueAssumption
from revenue.reports.sources import refuse_unknown_integrations
from revenue.sealing import key_ring

FIGURES_KEPT = timedelta(days=761)  # 25 months, as long as daily counts are
FARTHEST_AHEAD = timedelta(days=366)
SYSTEM = audit.SYSTEM


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who changes assumptions (``None``: a command or job), why, and when."""

    actor: User | None
    reason: str
    now: datetime
    sample: bool = False

    @property
    def name(self) -> str:
        return self.actor.get_username() if self.actor else SYSTEM


@transaction.atomic
def set_assumption(
    integration_id: str | None,
    values: AssumptionValues,
    authorship: Authorship,
    *,
    valid_from: date | None = None,
    currency: str | None = None,
    replace: bool = False,
) -> RevenueAssumption | None:
    """Write a version for one integration, or (``None``) the default of all.

    ``valid_from`` is a UTC day, today when left out. A version of today gives way to
    the new one by itself; one of another day only with ``replace``. Either stays in the
    history. Returns ``None``, writing nothing, when that is what already holds.
    Raises: ``InvalidField`` for a day out of range or an unknown integration,
        ``VersionExists``, ``CurrencyMixed``.
    """
    _lock()
    written = _write(
        [(integration_id, values)],
        authorship,
        valid_from=valid_from,
        currency=currency,
        replace=replace,
    )
    return written[0] if written else None


@transaction.atomic
def put_configuration(
    change: ConfigurationChange, authorship: Authorship
) -> list[RevenueAssumption]:
    """Make the document what holds from its day on; return the versions it took.

    The document is the whole: an integration it leaves out goes back to the default. All
    of it is written or nothing.
    Raises: as :func:`set_assumption`.
    """
    _lock()
    return _write(
        list(entries_of(change.configuration).items()),
        authorship,
        valid_from=change.valid_from,
        currency=change.configuration.currency,
        replace=change.replace,
    )


def entries_of(configuration: Configuration) -> dict[str | None, AssumptionValues]:
    """Return what the document says of all (``None``) and of each integration.

    One that has versions and is left out says nothing from now on: it inherits.
    """
    said = dict[str | None, AssumptionValues](
        [(None, configuration.default), *configuration.integrations.items()]
    )
    for row in RevenueAssumption.objects.in_force():
        said.setdefault(row.integration_id, AssumptionValues())
    return said


def open_configuration(day: date, *, actor: User | None, purpose: str) -> Configuration:
    """Return the versions in force on ``day`` as a document; the opening is audited.

    ``purpose`` is a word for the trail: ``api``, ``yaml``, ``admin``, ``command``.
    Raises: ``AssumptionUnreadable``.
    """
    held = {row.integration_id: row for row in _latest(day)}
    record_opening(actor, purpose)
    default = held.pop(None, None)
    return Configuration(
        default.values() if default else AssumptionValues(),
        {
            slug: values
            for slug, row in sorted(held.items())
            if slug is not None and (values := row.values()) != AssumptionValues()
        },
        RevenueAssumption.objects.currency(),
    )


def record_opening(actor: User | None, purpose: str) -> None:
    """Write into the trail that someone saw the sealed values, and what for."""
    audit.record(
        actor, "revenue.configuration_opened", "revenue.configuration", reason=purpose
    )


@transaction.atomic
def rotate_keys(actor: User | None) -> dict[str, int]:
    """Seal every version with the newest key; return how many were and are.

    Versions sealed with it already stay as they are, so that an interrupted or repeated
    run ends in the same state.
    Raises: ``AssumptionUnreadable`` for one that does not open; nothing is changed then.
    """
    newest, resealed = key_ring().newest, 0
    for row in RevenueAssumption.objects.select_for_update().order_by("pk"):
        if key_id_of(bytes(row.sealed)) != newest:
            row.set_values(row.values())
            row.save(update_fields=["sealed"])
            resealed += 1
    total = RevenueAssumption.objects.count()
    audit.record(
        actor,
        "revenue.keys_rotated",
        "revenue.configuration",
        after={"key": newest, "resealed": resealed, "versions": total},
    )
    return {"resealed": resealed, "versions": total}


def _lock() -> None:
    """Let one writer in at a time; readers are not stopped."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE revenue_assumptions IN SHARE ROW EXCLUSIVE MODE")


def _latest(day: date) -> Iterator[RevenueAssumption]:
    """Yield the last version in force of each integration, and of the default."""
    rows = RevenueAssumption.objects.in_force().filter(valid_from__lte=day)
    yield from rows.order_by("integration_id", "-valid_from").distinct("integration_id")


def _write(
    entries: list[tuple[str | None, AssumptionValues]],
    authorship: Authorship,
    *,
    valid_from: date | None,
    currency: str | None,
    replace: bool,
) -> list[RevenueAssumption]:
    today = utc_day(authorship.now)
    day = valid_from or today
    may_replace = replace or valid_from is None
    check_day(day, today)
    refuse_unknown_integrations(slug for slug, _values in entries)
    currency = _one_currency(currency)
    held = {row.integration_id: row for row in _latest(day)}
    written = []
    for slug, values in entries:
        earlier = held.get(slug)
        if _already(earlier, values):
            continue
        if earlier is not None and earlier.valid_from == day:
            _replace(earlier, authorship.now, may_replace=may_replace)
        written.append(_insert(slug, values, day, currency, authorship))
    return written


def _already(earlier: RevenueAssumption | None, values: AssumptionValues) -> bool:
    """Whether nothing would change; without a version, saying nothing is no change."""
    return values == (earlier.values() if earlier else AssumptionValues())


def _replace(earlier: RevenueAssumption, now: datetime, *, may_replace: bool) -> None:
    if not may_replace:
        raise VersionExists(
            _(
                "%(what)s already has a version valid from %(day)s. Choose another day, "
                "or send replace to correct that version."
            )
            % {
                "what": str(earlier.integration_id or _("The default")),
                "day": earlier.valid_from.isoformat(),
            }
        )
    earlier.superseded_at = max(now, earlier.created_at)
    earlier.save(update_fields=["superseded_at"])


def _insert(
    slug: str | None,
    values: AssumptionValues,
    valid_from: date,
    currency: str,
    authorship: Authorship,
) -> RevenueAssumption:
    row = RevenueAssumption(
        integration_id=slug,
        valid_from=valid_from,
        currency=currency,
        actor=authorship.name,
        reason=authorship.reason,
        sample=authorship.sample,
        created_at=authorship.now,
    )
    row.set_values(values)
    row.save(force_insert=True)
    # The trail is not sealed: it says that and why values changed, never which.
    audit.record(
        authorship.actor,
        "revenue.assumption_set",
        row,
        after={"integration": slug, "valid_from": valid_from, "currency": currency},
        reason=authorship.reason,
    )
    return row


def check_day(valid_from: date, today: date) -> None:
    """Check that a version may begin on a day: figures reach 25 months back.

    Raises: ``InvalidField`` naming the first and last day possible.
    """
    first, last = today - FIGURES_KEPT, today + FARTHEST_AHEAD
    if not first <= valid_from <= last:
        raise InvalidField.named(
            "valid_from",
            _("must be a day from %(first)s to %(last)s; figures reach no further.")
            % {"first": first.isoformat(), "last": last.isoformat()},
            code="out_of_range",
        )


def _one_currency(wanted: str | None) -> str:
    """Return the currency to write; amounts of two would be added up as one.

    Raises: ``CurrencyMixed`` when versions of another currency are in force.
    """
    current = RevenueAssumption.objects.currency()
    if wanted is None or wanted == current:
        return current
    if RevenueAssumption.objects.in_force().exists():
        raise CurrencyMixed(
            _(
                "Assumptions are kept in %(current)s; amounts in %(wanted)s cannot be "
                "added to them."
            )
            % {"current": current, "wanted": wanted}
        )
    return wanted
