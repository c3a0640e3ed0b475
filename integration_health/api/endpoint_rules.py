"""Endpoint rules by API: list, add, what they miss, try one, map the past again."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

import msgspec
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from kombu.exceptions import OperationalError as QueueAway
from rest_framework.request import Request
from rest_framework.response import Response

from integration_health.api.configuration import ConfigurationView, actor_of
from integration_health.api.parameters import LIMIT
from integration_health.configure import save_rule
from integration_health.imports.remap_progress import RemapStatus, remap_status
from integration_health.imports.trial import Trial, try_rule
from integration_health.models import EndpointRule
from integration_health.reports.endpoints import (
    Largest,
    UnmatchedRoutes,
    unmatched_routes,
)
from integration_health.tasks import remap_past
from qa_observability.api.bodies import body_as
from qa_observability.api.errors import QueueUnavailable
from qa_observability.api.params import choice_from, limit_from, refuse_unknown
from qa_observability.lib.errors import InvalidField

RULE = OpenApiExample(
    "A channel by its tokens",
    value={
        "position": 500,
        "tokens": ["agoda"],
        "integrationKey": "other:agoda",
        "note": "Not watched yet",
    },
    request_only=True,
)


class RuleBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whole tokens of a path that tell a channel, an aspect, or both."""

    position: int
    tokens: list[str]
    integration_key: str = ""
    aspect: str = ""
    enabled: bool = True
    note: str = ""


class TrialBody(RuleBody, forbid_unknown_fields=True, kw_only=True):
    """A rule to try; with an ``id`` in the place of that stored rule."""

    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RuleItem:
    """An endpoint rule."""

    id: UUID
    position: int
    tokens: list[str]
    integration_key: str
    aspect: str
    enabled: bool
    note: str


@dataclass(frozen=True, slots=True)
class EndpointRules:
    """Every rule, in the order in which they are tried."""

    endpoint_rules: list[RuleItem]


class EndpointRulesView(ConfigurationView):
    """GET, POST endpoint-rules."""

    @extend_schema(summary="Endpoint rules", responses=EndpointRules)
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ())
        return Response(
            EndpointRules([_rule(each) for each in EndpointRule.objects.all()])
        )

    @extend_schema(
        summary="Add an endpoint rule",
        request=RuleBody,
        examples=[RULE],
        responses={201: RuleItem},
    )
    def post(self, request: Request) -> Response:
        body = body_as(request.data, RuleBody)
        added = EndpointRule(**msgspec.structs.asdict(body))
        return Response(
            _rule(save_rule(added, by=actor_of(request))), HTTPStatus.CREATED
        )


class UnmatchedView(ConfigurationView):
    """GET endpoint-rules/unmatched: the largest routes no watched channel owns."""

    @extend_schema(
        summary="Largest routes without a channel, imports of 90 days",
        parameters=[
            OpenApiParameter(
                "sort",
                enum=[each.value for each in Largest],
                default=Largest.REQUESTS.value,
                description="By what the largest come first.",
            ),
            LIMIT,
        ],
        responses=UnmatchedRoutes,
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ("sort", "limit"))
        largest = choice_from(request, "sort", [each.value for each in Largest])
        return Response(
            unmatched_routes(
                timezone.now(),
                by=Largest(largest or Largest.REQUESTS),
                limit=limit_from(request),
            )
        )


class TryRuleView(ConfigurationView):
    """POST endpoint-rules/try: what a rule would move in the last import."""

    @extend_schema(
        summary="Try a rule on the last import",
        description="Nothing is stored.",
        request=TrialBody,
        examples=[RULE],
        responses={200: Trial},
    )
    def post(self, request: Request) -> Response:
        refuse_unknown(request, ())
        body = body_as(request.data, TrialBody)
        given = msgspec.structs.asdict(body)
        if body.id is None:
            del given["id"]
        elif not EndpointRule.objects.filter(pk=body.id).exists():
            raise InvalidField.named("id", _("There is no such rule."))
        rule = EndpointRule(**given)
        rule._state.adding = body.id is None
        rule.full_clean()
        return Response(try_rule(rule, timezone.now()))


class RemapView(ConfigurationView):
    """GET endpoint-rules/remap: what waits. POST: map the past 90 days in the background."""

    @extend_schema(
        summary="What today's rules would move in the past 90 days",
        responses=RemapStatus,
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ())
        return Response(remap_status(timezone.now()))

    @extend_schema(
        summary="Map the past 90 days by today's rules",
        description=(
            "Runs in the background and may be asked for again: what is mapped as the "
            "rules say stays. Events, checks, rollups, days of health and incidents of "
            "the channels concerned follow."
        ),
        request=None,
        responses={202: RemapStatus},
    )
    def post(self, request: Request) -> Response:
        refuse_unknown(request, ())
        try:
            remap_past.delay(user_id=actor_of(request).pk)
        except QueueAway as away:
            raise QueueUnavailable from away
        return Response(remap_status(timezone.now()), HTTPStatus.ACCEPTED)


def _rule(rule: EndpointRule) -> RuleItem:
    return RuleItem(
        id=rule.pk,
        position=rule.position,
        tokens=rule.tokens,
        integration_key=rule.integration_key,
        aspect=rule.aspect,
        enabled=rule.enabled,
        note=rule.note,
    )


endpoint_rule_routes = [
    path("endpoint-rules", EndpointRulesView.as_view(), name="api-endpoint-rules"),
    path(
        "endpoint-rules/unmatched",
        UnmatchedView.as_view(),
        name="api-endpoint-rules-unmatched",
    ),
    path("endpoint-rules/try", TryRuleView.as_view(), name="api-endpoint-rules-try"),
    path("endpoint-rules/remap", RemapView.as_view(), name="api-endpoint-rules-remap"),
]
