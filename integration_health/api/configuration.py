"""Configuration by API: channels, maintenance windows, annotations."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integration_health.api.parameters import PERIOD
from integration_health.configure import (
    annotate,
    plan_maintenance,
    save_integration,
)
from integration_health.enums import AnnotationKind, Recurrence
from integration_health.ingest.event_rows import Moment
from integration_health.models import (
    Annotation,
    Integration,
    MaintenanceWindow,
)
from integration_health.reports.detail import integration_named
from integration_health.tasks import mark_maintenance_later
from qa_observability.api.bodies import body_as
from qa_observability.api.params import period_from, refuse_unknown
from qa_observability.lib.errors import Conflict

MOST_LISTED = 1000
CONFIGURE = "integration_health.configure_integrations"
CHANNEL = OpenApiExample(
    "A channel",
    value={"integrationId": "agoda", "name": "Agoda", "expectedIntervalSeconds": 3600},
    request_only=True,
)
THRESHOLDS = OpenApiExample(
    "Other thresholds",
    value={"errorRateWarning": 0.02, "errorRateCritical": 0.05},
    request_only=True,
)
SUNDAYS = OpenApiExample(
    "Sundays at two in Lisbon",
    value={
        "title": "Weekly upgrade",
        "integrationId": "airbnb",
        "startsAt": "2026-01-04T02:00:00Z",
        "endsAt": "2026-01-04T04:00:00Z",
        "recurrence": "weekly",
        "repeatsUntil": "2027-01-01T00:00:00Z",
        "timeZone": "Europe/Lisbon",
    },
    request_only=True,
)
DEPLOY = OpenApiExample(
    "A deploy of now",
    value={"text": "Deploy 1.2", "url": "https://ci.example/runs/4711"},
    request_only=True,
)

Slug = Annotated[str, msgspec.Meta(min_length=1)]


class IntegrationSettings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What may be set of a channel; what is left out stays, or takes its default."""

    name: str | None = None
    position: int | None = None
    enabled: bool | None = None
    error_rate_warning: Decimal | None = None
    error_rate_critical: Decimal | None = None
    booking_loss_warning: Decimal | None = None
    booking_loss_critical: Decimal | None = None
    expected_interval_seconds: (
        Annotated[int, msgspec.Meta(ge=60, le=31 * 24 * 3600)] | None
    ) = None


class NewIntegration(IntegrationSettings, forbid_unknown_fields=True, kw_only=True):
    """A channel to watch: its id for good, and its name."""

    integration_id: str
    name: str


class MaintenanceBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A planned outage; without a channel it holds for all.

    One that repeats does so by the clocks of its time zone, summer and winter alike.
    """

    title: str
    starts_at: Moment
    ends_at: Moment
    integration_id: Slug | None = None
    recurrence: str = Recurrence.NONE
    repeats_until: Moment | None = None
    time_zone: str = "UTC"


class AnnotationBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A deploy or configuration change worth a mark; now, unless it says when."""

    text: str
    kind: str = AnnotationKind.DEPLOY
    at: Moment | None = None
    url: str = ""
    integration_id: Slug | None = None


@dataclass(frozen=True, slots=True)
class IntegrationItem:
    """A channel as it is set up. Thresholds are ratios from 0 to 1."""

    integration_id: str
    name: str
    position: int
    enabled: bool
    error_rate_warning: Decimal
    error_rate_critical: Decimal
    booking_loss_warning: Decimal
    booking_loss_critical: Decimal
    expected_interval_seconds: int


@dataclass(frozen=True, slots=True)
class MaintenanceItem:
    """A planned outage."""

    id: UUID
    title: str
    integration_id: str | None
    starts_at: datetime
    ends_at: datetime
    recurrence: Recurrence
    repeats_until: datetime | None
    time_zone: str
    created_by: str


@dataclass(frozen=True, slots=True)
class AnnotationItem:
    """A mark on the charts."""

    id: UUID
    kind: AnnotationKind
    at: datetime
    text: str
    url: str
    integration_id: str | None
    created_by: str


@dataclass(frozen=True, slots=True)
class Integrations:
    """Every channel, in its order."""

    integrations: list[IntegrationItem]


@dataclass(frozen=True, slots=True)
class MaintenanceWindows:
    """The newest 1,000 planned outages."""

    maintenance_windows: list[MaintenanceItem]


@dataclass(frozen=True, slots=True)
class Annotations:
    """The newest 1,000 marks of the period."""

    annotations: list[AnnotationItem]


class ConfigurationView(APIView):
    """What all configuration needs: everyone signed in reads, administrators write."""

    permissions_by_method = {"POST": CONFIGURE, "PATCH": CONFIGURE}


class IntegrationsView(ConfigurationView):
    """GET, POST integrations."""

    @extend_schema(summary="Integrations as set up", responses=Integrations)
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ())
        return Response(
            Integrations(
                [_integration(each) for each in Integration.objects.in_order()]
            )
        )

    @extend_schema(
        summary="Add an integration",
        request=NewIntegration,
        examples=[CHANNEL],
        responses={201: IntegrationItem},
    )
    def post(self, request: Request) -> Response:
        body = body_as(request.data, NewIntegration)
        if Integration.objects.filter(slug=body.integration_id).exists():
            raise Conflict(
                _("There is an integration %(slug)s already.")
                % {"slug": body.integration_id},
                code="integration_exists",
            )
        added = _set(Integration(slug=body.integration_id), body)
        with _slug_named_as_id():
            save_integration(added, by=actor_of(request), now=timezone.now())
        return Response(_integration(added), HTTPStatus.CREATED)


class IntegrationSettingsView(ConfigurationView):
    """PATCH integrations/<id>."""

    @extend_schema(
        summary="Change an integration",
        request=IntegrationSettings,
        examples=[THRESHOLDS],
        responses=IntegrationItem,
    )
    def patch(self, request: Request, integration_id: str) -> Response:
        body = body_as(request.data, IntegrationSettings)
        changed = _set(integration_named(integration_id), body)
        save_integration(changed, by=actor_of(request), now=timezone.now())
        return Response(_integration(changed))


class MaintenanceWindowsView(ConfigurationView):
    """GET, POST maintenance-windows."""

    @extend_schema(summary="Planned outages", responses=MaintenanceWindows)
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ())
        newest = MaintenanceWindow.objects.all()[:MOST_LISTED]
        return Response(MaintenanceWindows([_maintenance(each) for each in newest]))

    @extend_schema(
        summary="Plan an outage",
        description="Events of more than 7 past days are marked in the background.",
        request=MaintenanceBody,
        examples=[SUNDAYS],
        responses={201: MaintenanceItem},
    )
    def post(self, request: Request) -> Response:
        body = body_as(request.data, MaintenanceBody)
        planned = MaintenanceWindow(**msgspec.structs.asdict(body))
        plan_maintenance(
            planned,
            by=actor_of(request),
            now=timezone.now(),
            later=mark_maintenance_later,
        )
        return Response(_maintenance(planned), HTTPStatus.CREATED)


class AnnotationsView(ConfigurationView):
    """GET, POST annotations: deploys may be told by CI with an ingest token."""

    permissions_by_method = {"POST": "integration_health.ingest_events"}
    scopes_by_method = {"POST": "ingest"}

    @extend_schema(
        summary="Marks on the charts", parameters=[PERIOD], responses=Annotations
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ("period",))
        window = period_from(request).window(ending=timezone.now())
        newest = Annotation.objects.filter(at__gte=window.start)[:MOST_LISTED]
        return Response(Annotations([_annotation(each) for each in newest]))

    @extend_schema(
        summary="Tell a deploy or a change",
        request=AnnotationBody,
        examples=[DEPLOY],
        responses={201: AnnotationItem},
    )
    def post(self, request: Request) -> Response:
        body = body_as(request.data, AnnotationBody)
        told = Annotation(
            **msgspec.structs.asdict(body) | {"at": body.at or timezone.now()}
        )
        annotate(told, by=actor_of(request))
        return Response(_annotation(told), HTTPStatus.CREATED)


def actor_of(request: Request) -> User:
    """Return who asks; the permission has let no stranger in."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("an anonymous caller got past the permission")
    return user


@contextmanager
def _slug_named_as_id() -> Iterator[None]:
    try:
        yield
    except ValidationError as wrong:
        if "slug" in wrong.error_dict:
            wrong.error_dict["integration_id"] = wrong.error_dict.pop("slug")
        raise


def _set(integration: Integration, body: IntegrationSettings) -> Integration:
    """Set what the body says on the unsaved channel."""
    given: dict[str, Any] = {
        name: value
        for name, value in msgspec.structs.asdict(body).items()
        if value is not None and name != "integration_id"
    }
    if (seconds := given.pop("expected_interval_seconds", None)) is not None:
        given["expected_interval"] = timedelta(seconds=seconds)
    for name, value in given.items():
        setattr(integration, name, value)
    return integration


def _integration(integration: Integration) -> IntegrationItem:
    return IntegrationItem(
        integration_id=integration.slug,
        name=integration.name,
        position=integration.position,
        enabled=integration.enabled,
        error_rate_warning=integration.error_rate_warning,
        error_rate_critical=integration.error_rate_critical,
        booking_loss_warning=integration.booking_loss_warning,
        booking_loss_critical=integration.booking_loss_critical,
        expected_interval_seconds=integration.expected_interval // timedelta(seconds=1),
    )


def _maintenance(window: MaintenanceWindow) -> MaintenanceItem:
    return MaintenanceItem(
        id=window.pk,
        title=window.title,
        integration_id=window.integration_id,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        recurrence=Recurrence(window.recurrence),
        repeats_until=window.repeats_until,
        time_zone=window.time_zone,
        created_by=window.created_by,
    )


def _annotation(annotation: Annotation) -> AnnotationItem:
    return AnnotationItem(
        id=annotation.pk,
        kind=AnnotationKind(annotation.kind),
        at=annotation.at,
        text=annotation.text,
        url=annotation.url,
        integration_id=annotation.integration_id,
        created_by=annotation.created_by,
    )
