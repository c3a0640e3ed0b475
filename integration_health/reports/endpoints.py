"""Which routes does no channel own, and how much traffic and failure is in them?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from integration_health.domain.mapping import AMBIGUOUS, OTHER_PREFIX, UNMAPPED
from integration_health.domain.proposals import proposed_tokens, words_of
from integration_health.domain.traffic import ratio
from integration_health.enums import BatchState
from integration_health.models import EndpointStat
from integration_health.models.events import KEPT

MOST_MATCHED_READ = 5_000  # routes; enough to know which words are common
UNMATCHED = Q(integration_key__in=(UNMAPPED, AMBIGUOUS)) | Q(
    integration_key__startswith=OTHER_PREFIX
)


class Largest(StrEnum):
    """By what the largest come first."""

    REQUESTS = "requests"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True)
class UnmatchedRoute:
    """A route of no watched channel. Shares are of all imported traffic, 0 to 1.

    ``integration_key`` is ``unmapped``, ``ambiguous`` or ``other:<name>``;
    ``channel_hint`` the word of its query that might name a channel;
    ``proposed_tokens`` what a rule for it might say, for a person to judge.
    """

    integration_key: str
    route: str
    aspect: str
    channel_hint: str
    imports: int
    last_imported: datetime
    requests: int
    errors: int
    request_share: Decimal | None
    error_share: Decimal | None
    proposed_tokens: list[str]


@dataclass(frozen=True, slots=True)
class UnmatchedRoutes:
    """What the imports of the last 90 days hold that no watched channel owns.

    ``requests`` and ``errors`` are all that was imported; the ``unmatched_`` ones belong
    to no channel, listed or not.
    """

    requests: int
    errors: int
    unmatched_requests: int
    unmatched_errors: int
    unmatched_request_share: Decimal | None
    unmatched_error_share: Decimal | None
    routes: Sequence[UnmatchedRoute]


def unmatched_routes(
    now: datetime, *, by: Largest = Largest.REQUESTS, limit: int = 100
) -> UnmatchedRoutes:
    """Return the largest routes without a channel over the imports of 90 days.

    Four queries over the counts by route, which are finite; no raw row is read.
    """
    counts = EndpointStat.objects.filter(
        batch__state=BatchState.COMMITTED, batch__created_at__gte=now - KEPT
    )
    all_requests, all_errors = _sums(counts)
    requests, errors = _sums(counts.filter(UNMATCHED))
    common = _words_of_matched(counts)
    largest = (
        counts.filter(UNMATCHED)
        .values("integration_key", "route", "aspect", "channel_hint")
        .annotate(
            imports=Count("batch", distinct=True),
            last_imported=Max("batch__created_at"),
            all_requests=Sum("requests"),
            all_errors=Sum("errors"),
        )
        .order_by(F(f"all_{by}").desc(), "integration_key", "route", "channel_hint")
    )
    return UnmatchedRoutes(
        requests=all_requests,
        errors=all_errors,
        unmatched_requests=requests,
        unmatched_errors=errors,
        unmatched_request_share=ratio(requests, all_requests),
        unmatched_error_share=ratio(errors, all_errors),
        routes=[
            UnmatchedRoute(
                integration_key=row["integration_key"],
                route=row["route"],
                aspect=row["aspect"],
                channel_hint=row["channel_hint"],
                imports=row["imports"],
                last_imported=row["last_imported"],
                requests=int(row["all_requests"]),
                errors=int(row["all_errors"]),
                request_share=ratio(int(row["all_requests"]), all_requests),
                error_share=ratio(int(row["all_errors"]), all_errors),
                proposed_tokens=proposed_tokens(
                    row["route"], row["channel_hint"], common
                ),
            )
            for row in largest[:limit]
        ],
    )


def _words_of_matched(counts: QuerySet[EndpointStat]) -> set[str]:
    matched = counts.exclude(UNMATCHED).order_by().values_list("route", flat=True)
    routes = matched.distinct()[:MOST_MATCHED_READ]
    return {word for route in routes for word in words_of(route)}


def _sums(counts: QuerySet[EndpointStat]) -> tuple[int, int]:
    found = counts.aggregate(requests=Sum("requests"), errors=Sum("errors"))
    return int(found["requests"] or 0), int(found["errors"] or 0)
