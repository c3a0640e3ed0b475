"""Where do the figures come from? Channels, assumptions, daily counts and rates."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from integration_health.models import Integration
from integration_health.reports.facts import DayFacts, money_facts
from qa_observability.lib.errors import InvalidField
from qa_observability.lib.periods import Window
from revenue.domain.amounts import ZERO
from revenue.domain.assumptions import (
    BUILT_IN_CURRENCY,
    AssumptionHistory,
)
from revenue.domain.impact import UNMEASURED, ChannelDay, MeasuredRate
from revenue.domain.ledger import Ledger, ledger
from revenue.enums import ImpactType
from revenue.models import RevenueAssumption
from revenue.reports.figures import AssumptionUsed, Channel, assumption_used

SECONDS_A_DAY = Decimal(86_400)
_PLACES = Decimal("1e-18")
_SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Sources:
    """What figures of a window are made of, read once."""

    channels: tuple[Channel, ...]
    history: AssumptionHistory
    currency: str
    days: tuple[ChannelDay, ...]

    def channel(self, integration_id: str) -> Channel:
        """Return the integration; facts name no other than these."""
        return next(
            channel
            for channel in self.channels
            if channel.integration_id == integration_id
        )

    def name(self, integration_id: str) -> str:
        return self.channel(integration_id).name

    def watched(self, integration_id: str | None) -> set[str]:
        """Return the integrations coverage is asked of: the one, or the enabled."""
        if integration_id is not None:
            return {integration_id}
        return {each.integration_id for each in self.channels if each.enabled}

    def ledger(self, window: Window) -> Ledger:
        """Return what the days of the window cost and kept."""
        return ledger(self.within(window), self.history)

    def within(self, window: Window) -> list[ChannelDay]:
        """Return the days of the window that have anything."""
        first, last = window.first_day, window.last_day
        return [day for day in self.days if first <= day.day <= last]

    def coverage(self, window: Window, integration_id: str | None = None) -> Decimal:
        """Return the share (0-1, four decimals) of the window under fresh data.

        The mean over one integration, or over the enabled ones; zero without any.
        """
        watched = self.watched(integration_id)
        if not watched or not window.duration:
            return ZERO
        days = self._covered_days(window)
        covered = sum((days[slug] for slug in watched), ZERO)
        return (covered / _days(window.duration) / len(watched)).quantize(_SHARE)

    def coverage_by_integration(self, window: Window) -> dict[str, Decimal]:
        """Return the coverage of each integration that has any data in the window."""
        whole = _days(window.duration)
        return {
            slug: (covered / whole).quantize(_SHARE)
            for slug, covered in self._covered_days(window).items()
        }

    def _covered_days(self, window: Window) -> dict[str, Decimal]:
        covered: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for day in self.within(window):
            covered[day.integration_id] += day.coverage
        return covered


def read_sources(window: Window, integration_id: str | None = None) -> Sources:
    """Read what figures of the window need, of all integrations or of one.

    Eight queries at most, none of which reads events.
    Raises: ``AssumptionUnreadable``.
    """
    channels = Integration.objects.in_order()
    if integration_id is not None:
        channels = channels.filter(slug=integration_id)
    versions = list(RevenueAssumption.objects.in_force())
    facts = money_facts(window, None if integration_id is None else [integration_id])
    return Sources(
        _channels(channels),
        AssumptionHistory(row.version() for row in versions),
        versions[0].currency if versions else BUILT_IN_CURRENCY,
        tuple(channel_days(facts)),
    )


def refuse_unknown_integrations(slugs: Iterable[str | None]) -> None:
    """Check that assumptions speak of integrations that exist; ``None`` is the default.

    Raises: ``InvalidField`` naming the first that does not, and the known ones.
    """
    known = set(Integration.objects.values_list("slug", flat=True))
    for slug in slugs:
        if slug is not None and slug not in known:
            raise InvalidField.named(
                f"integrations.{slug}",
                _("There is no such integration. Known: %(known)s.")
                % {"known": ", ".join(sorted(known))},
                code="unknown_integration",
            )


def effective_assumptions(day: date) -> tuple[AssumptionUsed, ...]:
    """Return what holds on a UTC day for each integration; two queries.

    Raises: ``AssumptionUnreadable``.
    """
    history = RevenueAssumption.objects.history()
    return tuple(
        assumption_used(channel, history.on(channel.integration_id, day))
        for channel in _channels(Integration.objects.in_order())
    )


def channel_days(facts: Iterable[DayFacts]) -> Sequence[ChannelDay]:
    """Return health's facts as the calculator takes them: shares of days, not seconds."""
    return [
        ChannelDay(
            each.integration_id,
            each.day,
            each.failures,
            _share(each.covered_seconds),
            _rate(each.booking_loss_rate, each.booking_loss_seconds),
            {
                ImpactType.PRICING: _rate(
                    each.pricing_error_rate, each.pricing_seconds
                ),
                ImpactType.FEES: _rate(each.fees_error_rate, each.fees_seconds),
            },
        )
        for each in facts
    ]


@lru_cache(maxsize=4096)
def _share(seconds: int) -> Decimal:
    """Return seconds as a share of a day; most days are whole."""
    return seconds / SECONDS_A_DAY


def _channels(rows: Iterable[Integration]) -> tuple[Channel, ...]:
    return tuple(Channel(each.slug, each.name, each.enabled) for each in rows)


def _rate(mean: Decimal | None, seconds: int) -> MeasuredRate:
    if mean is None or not seconds:
        return UNMEASURED
    measured = _share(seconds)
    return MeasuredRate((mean * measured).quantize(_PLACES), measured)


def _days(duration: timedelta) -> Decimal:
    return duration // timedelta(microseconds=1) / (SECONDS_A_DAY * 1_000_000)
