"""POST correlation/feedback: confirm a link, or say that it is none."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.contrib.auth.models import User
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from correlation.configure import give_feedback
from qa_observability.api.bodies import body_as
from qa_observability.api.params import refuse_unknown

NO_LINK = OpenApiExample(
    "A link that is none",
    value={
        "testCaseId": "checkout-airbnb",
        "integrationId": "airbnb",
        "confirmed": False,
        "note": "It failed for a firewall rule of our own.",
    },
    request_only=True,
)


class FeedbackBody(msgspec.Struct, forbid_unknown_fields=True):
    """A person's word on one test and one integration."""

    test_case_id: str
    integration_id: str
    confirmed: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class GivenFeedback:
    """The word as it was kept."""

    test_case_id: str
    integration_id: str
    confirmed: bool
    actor: str
    note: str
    at: datetime


class FeedbackView(APIView):
    """Keep a word on a link; the newest one is shown with it."""

    permissions_by_method = {"POST": "integration_health.act_on_incidents"}
    scopes_by_method = {"POST": "ingest"}

    @extend_schema(
        request=FeedbackBody, examples=[NO_LINK], responses={201: GivenFeedback}
    )
    def post(self, request: Request) -> Response:
        refuse_unknown(request, ())
        body = body_as(request.data, FeedbackBody)
        assert isinstance(request.user, User)  # noqa: S101
        given = give_feedback(
            body.test_case_id,
            body.integration_id,
            confirmed=body.confirmed,
            by=request.user,
            note=body.note,
        )
        return Response(
            GivenFeedback(
                given.test_case_id,
                given.integration_id,
                given.confirmed,
                given.actor,
                given.note,
                given.created_at,
            ),
            status=status.HTTP_201_CREATED,
        )
