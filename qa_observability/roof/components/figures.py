"""Figures, cards and charts, in each of their states."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from correlation.pages.lanes import LaneCase, Lanes
from integration_health.enums import HealthStatus, SyncStatus
from qa_observability.lib.trends import Change, ChangeBasis, Trend
from qa_observability.roof.cards import ChannelCard
from qa_observability.roof.components.component import Component, State
from qa_observability.roof.components.examples import FRAME, NOW, WINDOW, ago
from qa_observability.web.cards import Kpi
from qa_observability.web.charts.figure import figure_parts
from qa_observability.web.charts.timeline import (
    Episode,
    Failure,
    Pair,
    Timeline,
    draw_timeline,
)
from qa_observability.web.charts.trend import (
    Band,
    Bucket,
    Kind,
    Mark,
    Series,
    Threshold,
    TrendChart,
    Value,
)
from qa_observability.web.formats import (
    Better,
    money,
    percent,
    percent_tick,
    short_money,
)
from qa_observability.web.times import short_day
from revenue.pages.breakdown import Breakdown, Row

_RATES: Final = (0.011, 0.013, 0.012, 0.018, 0.016, 0.031, 0.028, 0.044, 0.052, 0.061)
_DOWN = Change(Decimal("5.2"), None, Trend.DOWN)
_UP = Change(Decimal("12.4"), None, Trend.UP)
_STEADY = Change(Decimal("0.0"), None, Trend.NEUTRAL)
_NEW = Change(None, ChangeBasis.NEW, Trend.UP)
_THIN = Change(None, ChangeBasis.INSUFFICIENT_HISTORY, Trend.NEUTRAL)
_CARD: Final = ChannelCard(
    slug="airbnb",
    name="Airbnb",
    status=HealthStatus.CRITICAL,
    reason="Critical because error rate 6.1 % ≥ 5 %.",
    summary="",
    pricing=SyncStatus.ERROR,
    fees=SyncStatus.OK,
    booking_loss_rate=Decimal("0.015"),
    error_rate=Decimal("0.061"),
    error_rates=_RATES,
    at_risk=Decimal("450.30"),
    currency="USD",
    last_checked=ago(minutes=2),
    source="Pushed by API",
    is_stale=False,
    is_small=False,
)


def figure_components() -> Iterator[Component]:
    """Yield key figures, cards, charts, the breakdown and the lanes."""
    yield Component("kpi", _("Key figure"), tuple(_kpis()), narrow=True)
    yield Component("channel_card", _("Integration card"), tuple(_cards()), narrow=True)
    yield Component("chart", _("Trend chart"), tuple(_charts()))
    yield Component(
        "breakdown",
        _("Breakdown"),
        (State(_("Worst first"), {"breakdown": _losses()}),),
    )
    yield Component(
        "lanes",
        _("Two lanes"),
        (State(_("A test before a channel"), {"lanes": _lanes()}),),
    )


def _kpis() -> Iterator[State]:
    figure = Kpi(
        label="Revenue at risk",
        value="≈$576",
        change=_DOWN,
        days=30,
        note="$410–$690",
        href="#component-kpi",
        explain="#component-kpi",
        values=_RATES,
    )
    for title, changed in (
        (_("Better than before"), figure),
        (_("Worse than before"), replace(figure, change=_UP)),
        (_("More is better"), replace(figure, change=_UP, better=Better.HIGHER)),
        (_("As before"), replace(figure, change=_STEADY)),
        (_("New"), replace(figure, change=_NEW)),
        (_("Too little history"), replace(figure, change=_THIN)),
        (
            _("Unknown"),
            Kpi(
                label="Revenue protected", value="—", note="Bookings a day are not set."
            ),
        ),
    ):
        yield State(title, {"kpi": changed})


def _cards() -> Iterator[State]:
    healthy = replace(
        _CARD,
        status=HealthStatus.HEALTHY,
        reason="All known signals are fine.",
        summary="Errors 0.4 %, all signals fine.",
        pricing=SyncStatus.OK,
        error_rate=Decimal("0.004"),
        at_risk=Decimal("0.00"),
    )
    warning = replace(
        _CARD,
        status=HealthStatus.WARNING,
        reason="Warning because error rate 3.1 % ≥ 2 %.",
        pricing=SyncStatus.WARNING,
        error_rate=Decimal("0.031"),
    )
    stale = replace(
        _CARD,
        status=None,
        reason="No data for 3 d; the last check was critical.",
        last_checked=ago(days=3),
        is_stale=True,
    )
    never = replace(
        _CARD,
        status=None,
        reason="No data yet.",
        summary="No data yet: nobody has recorded or sent a check.",
        last_checked=None,
        source="",
        is_small=True,
    )
    for title, card in (
        (_("Critical"), _CARD),
        (_("Warning"), warning),
        (_("Healthy"), healthy),
        (_("Healthy beside worse ones"), replace(healthy, is_small=True)),
        (_("Stale"), stale),
        (_("Never checked"), never),
        (_("Without the right to see money"), replace(_CARD, at_risk=None)),
    ):
        yield State(title, {"card": card, "frame": FRAME})


def _charts() -> Iterator[State]:
    one = _chart("rates", "Error rate per day", [Series("Airbnb", _with_gap(_RATES))])
    yield State(_("A line with a gap"), figure_parts(one))
    yield State(
        _("Limits, maintenance, a deploy and the period before"),
        figure_parts(
            replace(
                one,
                key="judged",
                thresholds=(
                    Threshold(0.02, "warning 2 %"),
                    Threshold(0.05, "critical 5 %", "critical"),
                ),
                bands=(Band(1, 2, "Maintenance"),),
                marks=(Mark(6, "D", "Deploy of pricing 4.2"),),
                previous=Series("Before", tuple(reversed(_RATES)), "previous"),
            )
        ),
    )
    names = ("Booking.com", "Airbnb", "Vrbo", "HMBN")
    four = [
        Series(
            name, tuple(rate * (place + 1) / 3 for rate in _RATES), f"channel-{place}"
        )
        for place, name in enumerate(names, start=1)
    ]
    yield State(
        _("Four lines"), figure_parts(_chart("four", "Error rate per day", four))
    )
    losses = [
        Series("At risk", tuple(Decimal(f"{rate * 1000:.2f}") for rate in _RATES))
    ]
    bars = _chart("losses", "Revenue at risk per day", losses)
    yield State(
        _("Bars of money"),
        figure_parts(
            replace(bars, kind=Kind.BAR, write=_write_money, write_tick=short_money)
        ),
    )
    nothing = [Series("Airbnb", (None,) * len(_RATES))]
    yield State(
        _("No data"), figure_parts(_chart("nothing", "Error rate per day", nothing))
    )


def _chart(key: str, title: str, series: Sequence[Series]) -> TrendChart:
    days = [WINDOW.last_day - timedelta(days=n) for n in range(len(_RATES))]
    return TrendChart(
        key=key,
        title=title,
        kind=Kind.LINE,
        buckets=tuple(Bucket(short_day(day), short_day(day)) for day in reversed(days)),
        series=tuple(series),
        write=percent,
        write_tick=percent_tick,
    )


def _with_gap(values: Sequence[Value]) -> tuple[Value, ...]:
    return tuple(
        None if place in {3, 4} else value for place, value in enumerate(values)
    )


def _write_money(value: Value) -> str:
    return money(None if value is None else Decimal(str(value)), "USD", estimated=True)


def _losses() -> Breakdown:
    def row(channel: str, words: str, impact: str, share: str, change: Change) -> Row:
        return Row(
            channel,
            words,
            Decimal(impact),
            Decimal(share),
            change,
            "#component-breakdown",
        )

    return Breakdown(
        rows=(
            row("Airbnb", "Pricing sync errors", "450.30", "0.782", _UP),
            row("Vrbo", "Lost bookings", "92.20", "0.16", _DOWN),
            row("Booking.com", "Fee sync errors", "33.00", "0.058", _NEW),
        ),
        total=Decimal("575.50"),
        total_label=_("Total"),
        currency="USD",
    )


def _lanes() -> Lanes:
    failed, started = ago(days=3, minutes=38), ago(days=3)
    title = "“Booking flow” and Airbnb"
    description = "When this test failed, Airbnb failed within 1 h in 1 of 2 cases."
    drawn = Timeline(
        key="lanes",
        title=title,
        description=description,
        window=WINDOW,
        test_lane="Test failures",
        episode_lane="Airbnb incidents",
        failures=[
            Failure(failed, matched=True, words="followed by an incident"),
            Failure(ago(days=12), matched=False, words="nothing followed"),
        ],
        episodes=[
            Episode(
                started, started + timedelta(hours=9), matched=True, words="incident"
            ),
            Episode(ago(days=20), ago(days=19), matched=False, words="incident"),
        ],
        pairs=[Pair(failed, started)],
        dates=[short_day(WINDOW.first_day), short_day(NOW.date())],
    )
    return Lanes(
        key="lanes",
        title=title,
        description=description,
        drawing=draw_timeline(drawn),
        cases=(
            LaneCase(failed, started, "followed by an incident"),
            LaneCase(ago(days=12), None, "nothing followed"),
        ),
    )
