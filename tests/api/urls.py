"""Routes that fail in every way a view can, for the tests of what they answer."""

from dataclasses import dataclass
from decimal import Decimal

import msgspec
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from redis.exceptions import ConnectionError as BrokerAway
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import APIView

from qa_observability.api.bodies import body_as
from qa_observability.api.urls import urlpatterns as documents
from qa_observability.lib.errors import Conflict, InvalidField
from qa_observability.lib.periods import Window
from qa_observability.models import Token

FAILURES = {
    "conflict": Conflict("It is there already."),
    "field": InvalidField.named("error_rate", "must be from 0 to 1."),
    "nested": exceptions.ValidationError(
        {"rows": [{}, {"event_type": ["Unknown."]}], "non_field_errors": ["Empty."]}
    ),
    "model": ModelValidationError(
        {"valid_from": "In the past.", "__all__": "Overlaps."}
    ),
    "plain-model": ModelValidationError("Overlaps."),
    "http404": Http404(),
    "forbidden": PermissionDenied(),
    "suspicious": SuspiciousOperation("quoting what was sent"),
    "huge": RequestDataTooBig(),
    "throttled": exceptions.Throttled(wait=7.2),
    "database": OperationalError("server closed the connection"),
    "driver": InterfaceError("connection already closed"),
    "broker": BrokerAway("Connection refused."),
    "bug": ZeroDivisionError("secret"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the route answers."""

    error_rate: Decimal
    window: Window | None = None
    scope: Token.Scope = Token.Scope.READ


class Question(msgspec.Struct):
    """What the route takes."""

    error_rate: Decimal


class OpenView(APIView):
    """Any signed-in user may read; to write takes a right and a scope."""

    permissions_by_method = {"POST": "qa_observability.add_token"}
    scopes_by_method = {"POST": "ingest"}

    @extend_schema(responses=Answer)
    def get(self, request):
        return Response(Answer(Decimal("0.0200")))

    @extend_schema(request=Question, responses={201: Answer})
    def post(self, request):
        return Response(Answer(body_as(request.data, Question).error_rate), status=201)

    @extend_schema(responses={204: None})
    def delete(self, request):
        return Response(status=204)


class MoneyView(APIView):
    """To read takes a right."""

    permissions_by_method = {"GET": "qa_observability.view_token"}

    @extend_schema(responses=Answer)
    def get(self, request):
        return Response(Answer(Decimal(1)))


class FailingView(APIView):
    """Fails as its address says."""

    throttle_classes = []

    @extend_schema(responses=Answer)
    def get(self, request, how):
        raise FAILURES[how]


def page(request, how):
    raise FAILURES[how]


handler500 = "qa_observability.faults.server_error"

urlpatterns = [
    *documents,
    path("api/v1/open", OpenView.as_view()),
    path("api/v1/money", MoneyView.as_view()),
    path("api/v1/fails/<str:how>", FailingView.as_view()),
    path("api/plain/<str:how>", page),
    path("page/<str:how>", page),
    path("sign-in", page, {"how": "http404"}, name="sign-in"),
]
