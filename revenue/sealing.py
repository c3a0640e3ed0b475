"""How do assumptions rest in the database? Sealed, each bound to its row.

The associated data is version, integration and day, so that a payload copied to another
row does not open.
"""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

import msgspec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from qa_observability.lib.crypto import KeyRing, SealBroken, WeakKeys
from revenue.domain.assumptions import AssumptionValues
from revenue.enums import Method
from revenue.errors import AssumptionUnreadable


class _Payload(msgspec.Struct, omit_defaults=True):
    avg_booking_value: Decimal | None = None
    leakage_percentage: Decimal | None = None
    bookings_per_day: Decimal | None = None
    method: Method | None = None


def key_ring() -> KeyRing:
    """Return the keys of the setting ``REVENUE_KEYS``, newest first.

    Raises: ``ImproperlyConfigured`` with a sentence for a missing or weak key.
    """
    return _parsed(settings.REVENUE_KEYS)


def seal(
    values: AssumptionValues,
    *,
    version: UUID,
    integration_id: str | None,
    valid_from: date,
) -> bytes:
    """Return the values, sealed with the newest key for this row and no other."""
    payload = _Payload(
        values.avg_booking_value,
        values.leakage_percentage,
        values.bookings_per_day,
        values.method,
    )
    return key_ring().seal(
        msgspec.json.encode(payload), _place(version, integration_id, valid_from)
    )


def opened(
    sealed: bytes, *, version: UUID, integration_id: str | None, valid_from: date
) -> AssumptionValues:
    """Return the values sealed for this row.

    Raises: ``AssumptionUnreadable`` naming the version, why it does not open and what
        to do; never returns values that were not sealed here.
    """
    place = _place(version, integration_id, valid_from)
    try:
        return _opened(sealed, place, settings.REVENUE_KEYS)
    except SealBroken as broken:
        raise AssumptionUnreadable(
            _(
                "Assumption version %(version)s does not open: %(reason)s. Put the key "
                "that sealed it back into REVENUE_KEYS, or restore the row."
            )
            % {"version": version, "reason": broken}
        ) from broken


@lru_cache(maxsize=1024)
def _opened(sealed: bytes, place: bytes, keys: str) -> AssumptionValues:
    """Open each payload once: other bytes, another place or other keys are another call."""
    payload = msgspec.json.decode(_parsed(keys).open(sealed, place), type=_Payload)
    return AssumptionValues(
        payload.avg_booking_value,
        payload.leakage_percentage,
        payload.bookings_per_day,
        payload.method,
    )


def _place(version: UUID, integration_id: str | None, valid_from: date) -> bytes:
    return f"{version}|{integration_id or ''}|{valid_from.isoformat()}".encode()


@lru_cache(maxsize=1)
def _parsed(text: str) -> KeyRing:
    try:
        return KeyRing.parse(text)
    except WeakKeys as weak:
        raise ImproperlyConfigured(f"REVENUE_KEYS: {weak}.") from weak
