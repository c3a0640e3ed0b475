"""What assumptions hold, over HTTP: the user's document in and out, and its history."""

from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from qa_observability.api.pagination import cursor_from, cut_page
from qa_observability.api.params import limit_from, refuse_unknown
from qa_observability.api.parsers import CamelCaseJSONParser
from qa_observability.api.renderers import BrowsableRenderer, CamelCaseJSONRenderer
from qa_observability.lib.periods import utc_day
from revenue.api.documents import (
    ConfigurationAnswer,
    ConfigurationDocument,
    HistoryAnswer,
    revenue_in_force,
    version_answer,
)
from revenue.api.yaml_media import MEDIA_TYPE, YAMLParser, YAMLRenderer
from revenue.configure import (
    Authorship,
    open_configuration,
    put_configuration,
    record_opening,
)
from revenue.domain.document import as_mapping, read_change, written_out
from revenue.models import RevenueAssumption
from revenue.reports.sources import effective_assumptions

RIGHT = "revenue.configure_revenue"
ANSWERS = {
    (200, "application/json"): ConfigurationAnswer,
    (200, MEDIA_TYPE): OpenApiTypes.OBJECT,
}
DOCUMENT = OpenApiExample(
    "From today on",
    value={
        "revenue": {
            "avgBookingValue": 250.00,
            "leakagePercentage": 0.05,
            "integrations": {"airbnb": {"avgBookingValue": 300.00}},
        },
        "reason": "Agreed with finance",
    },
    request_only=True,
    media_type="application/json",
)
Position = tuple[date, datetime, UUID]


class ConfigView(APIView):
    """GET and PUT revenue/config: the assumptions, as JSON or YAML; admins only."""

    permissions_by_method = {"GET": RIGHT, "PUT": RIGHT}
    parser_classes = [CamelCaseJSONParser, YAMLParser]
    renderer_classes = [CamelCaseJSONRenderer, YAMLRenderer, BrowsableRenderer]

    @extend_schema(responses=ANSWERS)
    def get(self, request: Request) -> Response:
        """What holds today. The opening is audited."""
        refuse_unknown(request, [])
        return _answer(request, timezone.now())

    @extend_schema(
        request={
            "application/json": ConfigurationDocument,
            MEDIA_TYPE: OpenApiTypes.OBJECT,
        },
        examples=[DOCUMENT],
        responses=ANSWERS,
    )
    def put(self, request: Request) -> Response:
        """Put a document in force: new versions where something changes, all or none.

        The document is the whole: an integration it leaves out goes back to the default.
        The past keeps its versions unless `validFrom` lies there.
        """
        refuse_unknown(request, [])
        change, now = read_change(request.data), timezone.now()
        put_configuration(change, Authorship(_person(request), change.reason, now))
        return _answer(request, now)


class ConfigHistoryView(APIView):
    """GET revenue/config/history: every version, replaced ones too; admins only."""

    permissions_by_method = {"GET": RIGHT}

    @extend_schema(
        parameters=[
            OpenApiParameter("cursor"),
            OpenApiParameter("limit", OpenApiTypes.INT, default=100),
        ],
        responses={200: HistoryAnswer},
    )
    def get(self, request: Request) -> Response:
        """Newest day first, a page at a time. The opening is audited."""
        refuse_unknown(request, ["cursor", "limit"])
        limit = limit_from(request)
        rows = RevenueAssumption.objects.newest_first()
        if (position := cursor_from(request, date, datetime, UUID)) is not None:
            rows = rows.filter(_after(position))
        page, cursor = cut_page(list(rows[: limit + 1]), limit, _position)
        record_opening(_person(request), "history")
        return Response(HistoryAnswer(tuple(map(version_answer, page)), cursor))


def _answer(request: Request, now: datetime) -> Response:
    as_yaml = getattr(request, "accepted_media_type", "") == MEDIA_TYPE
    today = utc_day(now)
    configuration = open_configuration(
        today, actor=_person(request), purpose="yaml" if as_yaml else "json"
    )
    if as_yaml:
        return Response(as_mapping(written_out(configuration)))
    return Response(
        ConfigurationAnswer(
            revenue_in_force(configuration),
            effective_assumptions(today),
            is_default=not RevenueAssumption.objects.in_force().exists(),
        )
    )


def _person(request: Request) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _position(row: RevenueAssumption) -> Position:
    return row.valid_from, row.created_at, row.pk


def _after(position: Position) -> Q:
    """Return what follows a row in the order of ``newest_first``."""
    day, written, key = position
    return (
        Q(valid_from__lt=day)
        | Q(valid_from=day, created_at__lt=written)
        | Q(valid_from=day, created_at=written, pk__lt=key)
    )
