"""How do test results come in by API? Whatever a CI job has at hand."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from correlation.api.bodies import (
    Body,
    JsonParser,
    LinesParser,
    TextXmlParser,
    XmlParser,
)
from correlation.forms import ResultFilesForm
from correlation.ingest.batches import BatchReport, ResultFileReport, import_one
from correlation.ingest.files import Upload, import_file
from correlation.ingest.results import ResultOutcome, ResultsImport
from correlation.lines.chunks import STREAM_LIMIT
from correlation.lines.reader import (
    REVISION_LENGTH,
    RUN_LENGTH,
    SOURCE_LENGTH,
    ResultLine,
)
from correlation.parsed import ReadingNote, UnreadableReport
from qa_observability.api.names import camel, snake
from qa_observability.api.params import (
    flag_from,
    moment_from,
    refuse_unknown,
    text_from,
)
from qa_observability.lib.errors import FieldError, InvalidField, InvalidInput, TooLarge

EXAMPLE = OpenApiExample(
    "A result",
    value={
        "testCaseId": "checkout-airbnb",
        "testCaseName": "Checkout on Airbnb",
        "integrationId": "airbnb",
        "source": "ci",
        "runId": "4711",
        "status": "failed",
        "executedAt": "2026-01-10T10:30:00Z",
        "durationMs": 1280,
        "message": "The price was not pushed",
    },
    request_only=True,
    media_type="application/json",
)
SAID_BESIDE = ("source", "run_id", "revision", "started_at", "keep_sample")


@dataclass(frozen=True, slots=True)
class TestResultsAnswer:
    """What became of the results sent.

    ``results`` has an entry per result; beyond 1,000 only of duplicates and rejected
    ones. When several files were sent, each has its own report in ``files``.
    """

    __test__ = False

    accepted: int
    duplicates: int
    rejected: int
    results: tuple[ResultOutcome, ...] = ()
    warnings: tuple[ReadingNote, ...] = ()
    files: tuple[ResultFileReport, ...] = ()


@dataclass(frozen=True, slots=True)
class TestResultFiles:
    """A multipart form: one or more ``file`` parts, and what is said beside them."""

    __test__ = False

    file: list[str]
    source: str = ""
    run_id: str = ""
    revision: str = ""
    started_at: str = ""
    keep_sample: bool = False


class TestResultsView(APIView):
    """POST correlation/test-results: JUnit XML, Newman JSON, results as JSON or lines."""

    __test__ = False

    permissions_by_method = {"POST": "correlation.ingest_results"}
    scopes_by_method = {"POST": "ingest"}
    parser_classes = [
        JsonParser,
        LinesParser,
        XmlParser,
        TextXmlParser,
        MultiPartParser,
    ]

    @extend_schema(
        summary="Send test results",
        description=(
            "JSON takes one result, an array of results, or Newman's report. Same source, "
            "run and test is one result: sent again it adds nothing, a later attempt takes "
            "its place. Without a run id a file's own bytes name its run, and a JSON "
            "result's moment its own. One result that is wrong answers 422; of several "
            "each is told by itself."
        ),
        parameters=[
            OpenApiParameter(camel(name), kind)
            for name, kind in (
                ("source", OpenApiTypes.STR),
                ("run_id", OpenApiTypes.STR),
                ("revision", OpenApiTypes.STR),
                ("started_at", OpenApiTypes.DATETIME),
                ("keep_sample", OpenApiTypes.BOOL),
            )
        ],
        request={
            "application/json": ResultLine,
            "application/x-ndjson": OpenApiTypes.STR,
            "application/xml": OpenApiTypes.STR,
            "text/xml": OpenApiTypes.STR,
            "multipart/form-data": TestResultFiles,
        },
        examples=[EXAMPLE],
        responses=TestResultsAnswer,
    )
    def post(self, request: Request) -> Response:
        refuse_unknown(request, SAID_BESIDE)
        _check_size(request)
        sent = request.data
        if isinstance(sent, Body):
            done = sent.importer(sent.stream, _said_in(request), now=timezone.now())
            return Response(_answer(done))
        return Response(_answer_to_form(request))


def _check_size(request: Request) -> None:
    """Refuse an empty body, and what no reader would take before files are spooled."""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        raise InvalidInput(
            _("Send the body with its Content-Length; curl does with --data-binary."),
            code="length_required",
        )
    if request.stream is None:
        raise UnreadableReport.because(
            _("The body is empty: no report is no green run."), code="empty_report"
        )
    if int(request.META["CONTENT_LENGTH"]) > STREAM_LIMIT:
        raise TooLarge(
            _("A request may take %(limit)s MB. Send it in smaller parts.")
            % {"limit": STREAM_LIMIT // 2**20}
        )


def _said_in(request: Request) -> Upload:
    return Upload(
        source=text_from(request, "source", longest=SOURCE_LENGTH) or "",
        run_id=text_from(request, "run_id", longest=RUN_LENGTH) or "",
        revision=text_from(request, "revision", longest=REVISION_LENGTH) or "",
        started_at=moment_from(request, "started_at"),
        keep_sample=flag_from(request, "keep_sample"),
    )


def _answer(done: ResultsImport) -> TestResultsAnswer:
    return TestResultsAnswer(
        done.accepted, done.duplicates, done.rejected, done.results, done.warnings
    )


def _answer_to_form(request: Request) -> TestResultsAnswer:
    """Import one file, or each of several for itself.

    Raises: the refusal of a single file; ``ValidationError`` for the form's fields.
    """
    form = ResultFilesForm(_fields(request), request.FILES)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    files = form.cleaned_data["file"]
    now = timezone.now()
    if len(files) == 1:
        return _answer(import_file(files[0], form.upload(), now=now))
    batch = BatchReport.of(
        import_one(file.name, file, form.upload(), now=now) for file in files
    )
    return TestResultsAnswer(
        batch.accepted, batch.duplicates, batch.rejected, files=batch.files
    )


def _fields(request: Request) -> dict[str, Any]:
    """Return a form's fields by our names; what the query says counts when it says none.

    Raises: :class:`InvalidField` for a field nobody reads: no typo is ignored.
    """
    fields = {snake(name): value for name, value in request.query_params.items()}
    for name, value in request.POST.items():
        if snake(name) not in SAID_BESIDE:
            expected = ", ".join(map(camel, (*SAID_BESIDE, "file")))
            detail = _("is not a field here. Known: %(names)s.") % {"names": expected}
            raise InvalidField(
                f"{name} {detail}", errors=[FieldError(name, "unknown_field", detail)]
            )
        fields[snake(name)] = value
    return fields
