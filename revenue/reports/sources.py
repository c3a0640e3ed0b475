"""Where do the figures come from? Channels, assumptions, daily counts and rates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from integration_health.models import Integration
from integration_health.reports.channels import known_integrations
from integration_health.reports.facts import ChannelFacts, money_facts
from qa_observability.lib.errors import InvalidField
from qa_observability.lib.periods import Window
from qa_observability.readings import read_once
from revenue.domain.amounts import RATE_ONE, ZERO, whole
from revenue.domain.assumptions import (
    BUILT_IN_CURRENCY,
    AssumptionHistory,
)
from revenue.domain.impact import ChannelDays, MeasuredRates
from revenue.domain.ledger import Ledger, ledger
from revenue.enums import ImpactType
from revenue.models import RevenueAssumption
from revenue.reports.figures import AssumptionUsed, Channel, assumption_used

_SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Sources:
    """What figures of a window are made of, read once."""

    channels: tuple[Channel, ...]
    history: AssumptionHistory
    currency: str
    days: tuple[ChannelDays, ...]

    def channel(self, integration_id: str) -> Channel:
        """Return the integration; facts name no other than these."""
        return next(
            channel
            for channel in self.channels
            if channel.integration_id == integration_id
        )

    def names(self) -> dict[str, str]:
        """Return what integrations are called."""
        return {each.integration_id: each.name for each in self.channels}

    def watched(self, integration_id: str | None) -> set[str]:
        """Return the integrations coverage is asked of: the one, or the enabled."""
        if integration_id is not None:
            return {integration_id}
        return {each.integration_id for each in self.channels if each.enabled}

    def ledger(self, window: Window) -> Ledger:
        """Return what the days of the window cost and kept."""
        return ledger(self.within(window), self.history)

    def within(self, window: Window) -> list[ChannelDays]:
        """Return the days of the window, of every integration."""
        first, last = window.first_day, window.last_day
        return [each.within(first, last) for each in self.days]

    def coverage(self, window: Window, integration_id: str | None = None) -> Decimal:
        """Return the share (0-1, four decimals) of the window under fresh data.

        The mean over one integration, or over the enabled ones; zero without any.
        """
        watched = self.watched(integration_id)
        if not watched or not window.duration:
            return ZERO
        seconds = self._covered_seconds(window)
        covered = sum(seconds.get(slug, 0) for slug in watched)
        return _share(covered, window.duration * len(watched))

    def coverage_by_integration(self, window: Window) -> dict[str, Decimal]:
        """Return the coverage of each integration that has any data in the window."""
        return {
            slug: _share(covered, window.duration)
            for slug, covered in self._covered_seconds(window).items()
        }

    def _covered_seconds(self, window: Window) -> dict[str, int]:
        found = {}
        for each in self.days:
            start, stop = each.places(window.first_day, window.last_day)
            found[each.integration_id] = sum(each.covered_seconds[start:stop])
        return {slug: covered for slug, covered in found.items() if covered}


@read_once
def read_sources(window: Window, integration_id: str | None = None) -> Sources:
    """Read what figures of the window need, of all integrations or of one.

    Nine queries at most, none of which reads events.
    Raises: ``AssumptionUnreadable``.
    """
    versions = list(RevenueAssumption.objects.in_force())
    facts = money_facts(window, None if integration_id is None else [integration_id])
    return Sources(
        _channels(
            each for each in known_integrations() if integration_id in {None, each.slug}
        ),
        AssumptionHistory(row.version() for row in versions),
        versions[0].currency if versions else BUILT_IN_CURRENCY,
        tuple(map(channel_days, facts)),
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
        for channel in _channels(known_integrations())
    )


def channel_days(facts: ChannelFacts) -> ChannelDays:
    """Return health's facts as the calculator takes them."""
    totals = facts.totals
    rates = {
        ImpactType.PRICING: [
            (each.pricing_error_rate, each.pricing_seconds) for each in totals
        ],
        ImpactType.FEES: [(each.fees_error_rate, each.fees_seconds) for each in totals],
        ImpactType.BOOKING_LOSS: [
            (each.booking_loss_rate, each.booking_loss_seconds) for each in totals
        ],
    }
    return ChannelDays(
        facts.integration_id,
        facts.days,
        facts.failures,
        [each.covered_seconds for each in totals],
        {
            name: _measured(rate)
            for name, rate in rates.items()
            if any(seconds for _mean, seconds in rate)
        },
    )


def _measured(days: Sequence[tuple[Decimal | None, int]]) -> MeasuredRates:
    """Return the mean rate of each day and its seconds as sums; none is no seconds."""
    return MeasuredRates(
        [whole(rate or ZERO, RATE_ONE) * seconds for rate, seconds in days],
        [0 if rate is None else seconds for rate, seconds in days],
    )


def _channels(rows: Iterable[Integration]) -> tuple[Channel, ...]:
    return tuple(Channel(each.slug, each.name, each.enabled) for each in rows)


def _share(seconds: int, duration: timedelta) -> Decimal:
    whole_duration = Decimal(duration // timedelta(microseconds=1))
    return (seconds * 1_000_000 / whole_duration).quantize(_SHARE)
