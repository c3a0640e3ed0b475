"""Secrets and personal data, planted at every door, come out of no outlet.

What the house itself says (logs, errors, metrics, trail, runs of jobs) must hold none of
them; what it gives back of data (API, CSV, XLSX, PDF, pages, mails) only what no pattern
can know for a person's: a bare name within a sentence.
"""

import io
import json
import logging
import logging.config
import re
import zipfile
from copy import deepcopy
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.utils import timezone

from integration_health.models import ImportBatch, Incident, RejectedRow
from integration_health.tasks import sweep_incidents
from qa_observability.jobs import recorded
from qa_observability.log_config import logging_config
from qa_observability.models import AuditEntry, JobRun
from qa_observability.roof.doctor import examine
from qa_observability.roof.weekly.write import write_report
from qa_observability.tokens import issue_token
from revenue.weekly.deliver import deliver_due
from tests.revenue.weekly.contents import recipient

pytestmark = pytest.mark.django_db

PASSWORD = "Zx9-canary-Passw0rd"
FORGED = "qa_canary0forged0token0AbCdEf0123456789AbCdEf"
COOKIE = "canarysession0abcdef0123456789abc"
EMAIL = "canary.guest@example.com"
PHONE = "+49 171 5550 1234"
CARD = "4111 1111 1111 1111"
NAME = "Canaria Roe"
# How each may look again: with other signs between the digits, or escaped.
SHAPES = {
    "password": re.compile("canary-Passw0rd"),
    "forged token": re.compile("canary0forged"),
    "session cookie": re.compile("canarysession0"),
    "e-mail": re.compile("canary.guest(@|%40|&#64;)example"),
    "phone": re.compile(r"171\W{0,3}5550\W{0,3}1234"),
    "card": re.compile(r"4111\W{0,3}1111\W{0,3}1111\W{0,3}1111"),
    "name": re.compile(r"Canaria(.|%20|\\u0020)Roe"),
    "revenue key": re.compile(re.escape(settings.REVENUE_KEYS.partition(":")[2])),
    "secret key": re.compile(re.escape(settings.SECRET_KEY)),
}
KNOWABLE = {name: shape for name, shape in SHAPES.items() if name != "name"}
NOTHING = ", ".join(
    (f"password={PASSWORD}", f"token={FORGED}", f"Cookie: sessionid={COOKIE}")
)
MESSAGE = f"{EMAIL} called {PHONE} with {CARD}, {NAME}, {NOTHING}"
METADATA = {
    "guestName": NAME,
    "guest": {"email": EMAIL, "phone": PHONE, "cards": [CARD]},
    "headers": {"Authorization": f"Bearer {FORGED}", "cookie": COOKIE},
    "login": {"password": PASSWORD},
}


@pytest.fixture
def logs():
    """All that is logged, through the real configuration."""
    buffer = io.StringIO()
    config = deepcopy(logging_config("DEBUG"))
    config["handlers"]["stderr"]["stream"] = buffer
    logging.config.dictConfig(config)
    yield buffer
    logging.config.dictConfig(settings.LOGGING)


@pytest.fixture
def admin():
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root", password=PASSWORD))
    return client


@pytest.fixture
def machine():
    """A client with a real token; what it was given is a canary too."""
    user = User.objects.get(username="root")
    scopes = ["read", "ingest", "admin"]
    issued = issue_token(user, scopes, name="ci", by=user, now=timezone.now())
    key = f"Token {issued.key}"
    client = Client(raise_request_exception=False, headers={"authorization": key})
    client.shape = re.compile(issued.key[10:])
    return client


def event(minutes=0, **fields):
    at = timezone.now() - timedelta(hours=2, minutes=minutes)
    return {
        "integrationId": "vrbo",
        "eventType": "pricing_sync_error",
        "severity": "critical",
        "message": f"{minutes} {MESSAGE}",
        "metadata": METADATA,
        "occurredAt": at.isoformat(),
        **fields,
    }


def send(machine, path, body, kind="application/json", **more):
    text = body if isinstance(body, bytes | str) else json.dumps(body)
    return machine.post(f"/api/v1/{path}", text, kind, **more)


SPLUNK = f"""_time,endpoint,total_requests,total_errors
{{at}},/v9/vrbo/guests/{EMAIL}/prices?token={FORGED},100,7
{{at}},/v9/vrbo/{PHONE.replace(" ", "")}/prices,many,7
{NAME} {EMAIL},/v9/vrbo/prices,10,7
"""
RAW = json.dumps(
    {"_time": "{at}", "_raw": f"ERROR vrbo pricing sync {MESSAGE}", "status": 500}
)
JUNIT = f"""<testsuite name="bookings" timestamp="{{at}}">
<testcase classname="books" name="books"><failure message="{EMAIL}">{MESSAGE}</failure>
<system-out>{MESSAGE}</system-out></testcase></testsuite>"""


def at_all_doors(admin, machine):
    """Plant the canaries; yield (door, response) of each."""
    at = (timezone.now() - timedelta(hours=3)).isoformat()
    yield "events", send(machine, "integrations/events", [*map(event, range(6))])
    bad = [event(severity=EMAIL), event(integrationId=NOTHING), event(occurredAt=CARD)]
    yield "bad events", send(machine, "integrations/events", bad)
    for number, body in enumerate(
        (f'{{"message": "{MESSAGE}', f"[{MESSAGE}]", MESSAGE.encode("utf-16"), "[[]]")
    ):
        yield f"bad body {number}", send(machine, "integrations/events", body)
        yield (
            f"bad results {number}",
            send(machine, "correlation/test-results", body, "application/xml"),
        )
    yield "check", send(machine, "integrations/health", {"integrationId": EMAIL})
    yield (
        "results",
        send(machine, "correlation/test-results", JUNIT.format(at=at), "text/xml"),
    )
    for name, text in (
        (f"{EMAIL}.csv", SPLUNK.replace("{at}", at)),
        (f"{CARD}.json", RAW.replace("{at}", at)),
        (f"{PHONE}.csv", MESSAGE),
    ):
        for dry in ("true", "false"):
            file = SimpleUploadedFile(name, text.encode())
            yield (
                f"import {name} {dry}",
                machine.post(
                    "/api/v1/integrations/imports", {"file": file, "dryRun": dry}
                ),
            )
    yield from _pages_and_headers(admin, machine)


def _pages_and_headers(admin, machine):
    stranger = Client(raise_request_exception=False)
    for _ in range(6):
        yield (
            "sign-in",
            stranger.post(
                f"/sign-in?next=/dashboard%3Femail={EMAIL}",
                {"username": "root", "password": PASSWORD + "x"},
            ),
        )
    query = {"token": FORGED, "period": EMAIL, "cursor": NAME, "integration": PHONE}
    for path in ("/api/v1/revenue/impact", "/api/v1/integrations/incidents"):
        for name, value in query.items():
            yield f"{path} {name}", machine.get(path, {name: value})
    for path in ("/dashboard", "/dashboard/revenue/impact", f"/x/{EMAIL}/{FORGED}"):
        yield path, admin.get(path, query)
        yield f"api {path}", machine.get(f"/api{path}", query)
    headers = {
        "authorization": f"Token {FORGED}",
        "cookie": f"sessionid={COOKIE}",
        "x-request-id": EMAIL,
        "user-agent": MESSAGE,
        "referer": f"https://example.com/?password={PASSWORD}",
        "host": "testserver",
    }
    for path in ("/api/v1/alerts", "/dashboard", "/metrics"):
        yield f"headers {path}", stranger.get(path, headers=headers)
        yield f"host {path}", stranger.get(path, headers=headers | {"host": EMAIL})
    yield (
        "admin form",
        admin.post("/admin/integration_health/integrationevent/add/", admin_event()),
    )
    yield (
        "admin bad form",
        admin.post(
            "/admin/integration_health/integrationevent/add/",
            admin_event() | {"severity": EMAIL, "metadata": f"{{{MESSAGE}"},
        ),
    )


def admin_event():
    return {
        "integration": "vrbo",
        "event_type": "api_error",
        "severity": "high",
        "message": MESSAGE,
        "metadata": json.dumps(METADATA),
        "occurred_at_0": timezone.now().strftime("%Y-%m-%d"),
        "occurred_at_1": "00:00:00",
        "occurrences": "1",
    }


@recorded("tests.canary")
def failing():
    raise ValueError(MESSAGE)


def leaks(outlets, shapes):
    """Return (outlet, canary) of each that came out, with the text around it."""
    return [
        (outlet, name, text[max(0, found.start() - 60) : found.end() + 10])
        for outlet, text in outlets
        for name, shape in shapes.items()
        if (found := shape.search(text))
    ]


def test_what_the_house_says_holds_none_of_them(admin, machine, logs):
    refusals = [
        (f"answer at {door}", response.text)
        for door, response in at_all_doors(admin, machine)
        if response.status_code >= 400 and not door.startswith("admin")
    ]
    with pytest.raises(ValueError, match="called"):
        failing()
    sweep_incidents()
    machine.get("/api/v1/alerts")
    outlets = [
        ("logs", logs.getvalue()),
        ("metrics", machine.get("/metrics").text),
        ("doctor", repr(examine(timezone.now()))),
        *(
            (name, json.dumps(list(rows), cls=DjangoJSONEncoder, ensure_ascii=False))
            for name, rows in (
                ("trail", AuditEntry.objects.values()),
                ("runs of jobs", JobRun.objects.values()),
                ("admin history", LogEntry.objects.values()),
                ("refused rows", RejectedRow.objects.values("field", "reason")),
            )
        ),
    ]

    assert len(AuditEntry.objects.all()) > 1
    assert '"event": "job failed"' in logs.getvalue()
    assert len(refusals) > 20
    assert leaks(outlets, SHAPES | {"real token": machine.shape}) == []
    assert leaks(refusals, KNOWABLE | {"real token": machine.shape}) == []


def test_what_is_given_back_of_data_holds_none_that_can_be_known(
    admin, machine, mailoutbox
):
    doors = dict(at_all_doors(admin, machine))
    assert doors["events"].json()["accepted"] == 6
    assert doors["results"].json()["accepted"] == 1
    assert doors["admin form"].status_code == 302
    sweep_incidents()
    assert Incident.objects.exists()

    recipient("reader@example.com")
    write_report(None, actor=None, now=timezone.now(), send=True)
    deliver_due(timezone.now())
    (sent,) = mail.outbox

    api = "/api/v1"
    health = f"{api}/integrations/health/vrbo"
    reads = [
        *(f"{health}{end}" for end in ("", "/events", "/events.csv", "/history.csv")),
        *(f"{api}/integrations/{name}" for name in ("incidents", "incidents.csv")),
        *(f"{api}/integrations/{name}" for name in ("imports", "data-quality")),
        *(
            f"{api}/integrations/imports/{batch.pk}{end}"
            for batch in ImportBatch.objects.all()
            for end in ("", "/rejected")
        ),
        f"{api}/endpoint-rules/unmatched",
        f"{api}/alerts",
        f"{api}/correlation/tests",
        f"{api}/revenue/impact?explain=1",
        "/dashboard",
        "/dashboard/integrations/vrbo",
        "/dashboard/revenue/impact",
        "/dashboard/reports",
        *(
            f"/dashboard/revenue/impact/export/{kind}"
            for kind in ("csv", "xlsx", "pdf")
        ),
        *(
            f"/admin/{model}/"
            for model in (
                "integration_health/integrationevent",
                "integration_health/importbatch",
                "correlation/testresult",
                "qa_observability/auditentry",
                "qa_observability/jobrun",
                "axes/accessattempt",
            )
        ),
    ]
    outlets = []
    for address in reads:
        client = machine if address.startswith(api) else admin
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        outlets.append((address, text_of(response)))
    outlets.append(("mail", repr(sent.message().as_string())))

    assert NAME in dict(outlets)[f"{health}/events"]  # what no pattern knows
    assert leaks(outlets, KNOWABLE | {"real token": machine.shape}) == []


def text_of(response):
    """Return what a response says, its parts unpacked when it is a workbook."""
    body = response.getvalue()
    if body[:2] != b"PK":
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())
