"""Imports by API: a file in, its history, its refused rows, its undo."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from kombu.exceptions import OperationalError as QueueAway
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integration_health.api.configuration import actor_of
from integration_health.api.parameters import CURSOR, LIMIT
from integration_health.imports import undo_import
from integration_health.imports.background import (
    abandon_start,
    belongs_in_background,
    hand_in,
)
from integration_health.imports.history import (
    ImportDetail,
    ImportRecord,
    import_detail,
    import_named,
    import_records,
    rejected_lines,
)
from integration_health.imports.importing import run_import
from integration_health.imports.options import (
    ImportOptions,
    Overlap,
    chosen_window,
    moment_given,
    zone_named,
)
from integration_health.imports.summary import ImportStatus, ImportSummary
from integration_health.imports.tables import csv_lines
from integration_health.splunk.reader import LARGEST_FILE
from integration_health.tasks import import_upload
from qa_observability.api.errors import QueueUnavailable
from qa_observability.api.pagination import cursor_from, cut_page
from qa_observability.api.params import limit_from, refuse_unknown
from qa_observability.lib.errors import InvalidField, TooLarge
from qa_observability.lib.periods import Window

_REST_OF_FORM = 1024 * 1024  # bytes of a form besides its file
_FLAGS = {"true": True, "1": True, "false": False, "0": False, "": False}
_FIELDS = ("from", "to", "zone", "dryRun", "overlap", "complete", "keepSample")
FORM = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "from": {"type": "string", "format": "date-time"},
            "to": {"type": "string", "format": "date-time"},
            "zone": {"type": "string", "example": "America/Sao_Paulo"},
            "dryRun": {"type": "boolean", "default": False},
            "overlap": {"type": "string", "enum": [each.value for each in Overlap]},
            "complete": {"type": "boolean", "default": False},
            "keepSample": {"type": "boolean", "default": False},
        },
        "required": ["file"],
    }
}


@dataclass(frozen=True, slots=True)
class Imports:
    """A page of imports, newest first."""

    imports: list[ImportRecord]
    next_cursor: str | None


class CSVRenderer(BaseRenderer):
    """Lets a client ask for CSV; the view writes it."""

    media_type = "text/csv"
    format = "csv"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return data


class ImportsView(APIView):
    """GET integrations/imports: newest first. POST: import a file, or only look at it.

    curl -H "Authorization: Token $KEY" -F file=@export.json -F dryRun=true $ADDRESS
    """

    permissions_by_method = {"POST": "integration_health.import_files"}
    scopes_by_method = {"POST": "ingest"}
    parser_classes = [MultiPartParser]

    @extend_schema(summary="Imports", parameters=[CURSOR, LIMIT], responses=Imports)
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ("cursor", "limit"))
        limit = limit_from(request)
        after = cursor_from(request, datetime, UUID)
        records, next_cursor = cut_page(
            import_records(after=after, limit=limit),
            limit,
            lambda record: (record.created_at, record.import_id),
        )
        return Response(Imports(list(records), next_cursor))

    @extend_schema(
        summary="Import a file exported from Splunk",
        description=(
            "from and to are needed for statistics without _time. A dry run stores "
            "nothing. 201 when stored; 200 for a dry run, a duplicate or no rows. A file "
            "of more than 8 MiB is imported in the background: 202, and Location names "
            "the import to follow."
        ),
        request=FORM,
        responses={200: ImportSummary, 201: ImportSummary, 202: ImportDetail},
    )
    def post(self, request: Request) -> Response:
        refuse_unknown(request, ())
        upload, form = _form_of(request)
        now = timezone.now()
        options = _options_in(form, now)
        file, name = cast("BinaryIO", upload.file), upload.name or ""
        if belongs_in_background(upload.size or 0) and not options.dry_run:
            return _in_background(request, file, name, options)
        summary, _rows = run_import(file, options, name=name, by=request.user, now=now)
        stored = summary.status is ImportStatus.COMMITTED
        return Response(summary, HTTPStatus.CREATED if stored else HTTPStatus.OK)


class ImportView(APIView):
    """GET integrations/imports/<id>: one import with all that was said about it."""

    @extend_schema(summary="One import", responses=ImportDetail)
    def get(self, request: Request, import_id: UUID) -> Response:
        refuse_unknown(request, ())
        return Response(import_detail(import_id))


class RejectedRowsView(APIView):
    """GET integrations/imports/<id>/rejected: the refused rows as CSV."""

    renderer_classes = [CSVRenderer, *APIView.renderer_classes]

    @extend_schema(
        summary="Refused rows of an import, as CSV",
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, import_id: UUID) -> StreamingHttpResponse:
        refuse_unknown(request, ())
        batch = import_named(import_id)
        response = StreamingHttpResponse(
            csv_lines(rejected_lines(batch)), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = (
            f'attachment; filename="qa-rejected-rows-{import_id}.csv"'
        )
        return response


class UndoView(APIView):
    """POST integrations/imports/<id>/undo: take an import back."""

    permissions_by_method = {"POST": "integration_health.import_files"}
    scopes_by_method = {"POST": "ingest"}

    @extend_schema(
        summary="Undo an import", request=None, responses={200: ImportDetail}
    )
    def post(self, request: Request, import_id: UUID) -> Response:
        refuse_unknown(request, ())
        undo_import(import_id, by=request.user, now=timezone.now())
        return Response(import_detail(import_id))


def _in_background(
    request: Request, file: BinaryIO, name: str, options: ImportOptions
) -> Response:
    """Hand a long file in and answer where its import can be followed."""
    batch, new = hand_in(file, options, name=name, by=request.user)
    try:
        if new:
            import_upload.delay(
                str(batch.pk),
                replace=options.overlap is Overlap.REPLACE,
                user_id=actor_of(request).pk,
            )
    except QueueAway as away:
        abandon_start(batch.pk, str(QueueUnavailable.default_detail))
        raise QueueUnavailable from away
    followed = reverse("api-import", args=[batch.pk])
    return Response(
        import_detail(batch.pk), HTTPStatus.ACCEPTED, headers={"Location": followed}
    )


def _options_in(form: dict[str, str], now: datetime) -> ImportOptions:
    return ImportOptions(
        window=_window_in(form, now),
        dry_run=_flag(form, "dryRun"),
        overlap=_overlap_in(form),
        complete=_flag(form, "complete"),
        zone=zone_named(form["zone"]),
        keep_sample=_flag(form, "keepSample"),
    )


def _form_of(request: Request) -> tuple[UploadedFile[Any], dict[str, str]]:
    """Return the file and the text fields, empty where not given.

    Raises: ``TooLarge`` before anything is read, ``InvalidField``.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FILE + _REST_OF_FORM:
        raise TooLarge(
            _("At most %(most)s MiB are read. Export a shorter time range.")
            % {"most": LARGEST_FILE // 1024**2}
        )
    sent = dict(cast("QueryDict", request.data).items())
    file = sent.pop("file", None)
    form = dict.fromkeys(_FIELDS, "")
    for name, value in sent.items():
        if name not in form:
            raise InvalidField.named(
                name,
                _("There is no such field. Known: %(known)s.")
                % {"known": ", ".join(("file", *_FIELDS))},
                code="unknown_field",
            )
        form[name] = str(value)
    if not isinstance(file, UploadedFile) or file.file is None:
        raise InvalidField.named(
            "file", _("Send the export as the file field."), code="required"
        )
    return file, form


def _window_in(form: dict[str, str], now: datetime) -> Window | None:
    zone = zone_named(form["zone"])
    return chosen_window(
        moment_given("from", form["from"], zone),
        moment_given("to", form["to"], zone),
        now=now,
    )


def _flag(form: dict[str, str], name: str) -> bool:
    try:
        return _FLAGS[form[name].lower()]
    except KeyError as unknown:
        raise InvalidField.named(name, _("Write true or false.")) from unknown


def _overlap_in(form: dict[str, str]) -> Overlap:
    try:
        return Overlap(form["overlap"] or Overlap.REFUSE)
    except ValueError as unknown:
        raise InvalidField.named("overlap", _("Write refuse or replace.")) from unknown


import_routes = [
    path("integrations/imports", ImportsView.as_view(), name="api-imports"),
    path(
        "integrations/imports/<uuid:import_id>", ImportView.as_view(), name="api-import"
    ),
    path(
        "integrations/imports/<uuid:import_id>/rejected",
        RejectedRowsView.as_view(),
        name="api-import-rejected",
    ),
    path(
        "integrations/imports/<uuid:import_id>/undo",
        UndoView.as_view(),
        name="api-import-undo",
    ),
]
