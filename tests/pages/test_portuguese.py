"""Every page in Brazilian Portuguese, with nothing left in English."""

import html
import re
from uuid import UUID

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from integration_health.models import Alert
from qa_observability.lib.weeks import last_complete_week
from qa_observability.roof.weekly.write import write_report
from tests.messages import catalogue
from tests.pages.incidents import costly
from tests.pages.test_imports import bring_in, look_at
from tests.pages.test_links import link
from tests.pages.world import CHANNELS, all_healthy, assume, check, fail
from tests.test_access import PAGE_ROUTES

pytestmark = pytest.mark.django_db
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+.\d]*[sdf%]")
FEWEST_WORDS = 3  # shorter ones are also Portuguese, or part of a name
OURS = {"integration_health", "revenue", "correlation", "qa_observability"}
PASSED_OVER = {
    "/stay-signed-in",  # answers forms only
    "/dashboard/components",  # its examples are invented data, in English like a log
}


def english_pieces():
    """Return what stands between the placeholders of texts that have other words now."""
    texts = [
        text
        for message in catalogue("pt_BR")
        for text, said in zip(
            message.id if message.pluralizable else [message.id],
            message.string if message.pluralizable else [message.string],
            strict=True,
        )
        if text != said
    ]
    pieces = {
        " ".join(piece.split())
        for text in texts
        for piece in PLACEHOLDER.split(text)
        if len(re.findall(r"[^\W\d]{2,}", piece)) >= FEWEST_WORDS
    }
    return sorted(pieces, key=len)


def furnished():
    """Fill every page; return the names that stand for braces in addresses."""
    all_healthy()
    for slug in CHANNELS[:3]:
        assume(slug)
    check("airbnb", pricing_sync_status="error")
    fail("airbnb", 5)
    incident = costly("airbnb", 3)
    link("pricing")
    batch = bring_in(bad=2)
    look_at()
    week = last_complete_week(timezone.now())
    write_report(week, actor=None, now=timezone.now(), send=False)
    return {
        "slug": "airbnb",
        "test_case_id": "pricing",
        "week": str(week),
        "import_id": str(batch.pk),
        "incident_id": str(incident.pk),
        "alert_id": str(Alert.objects.latest("raised_at").pk),
        "entry_id": str(UUID(int=0)),
        "deed_id": str(UUID(int=0)),
    }


@pytest.fixture
def reader(db, settings):
    """Someone in a house that writes Portuguese: reports and notes of imports are kept."""
    settings.LANGUAGE_CODE = "pt-br"
    client = Client(HTTP_ACCEPT_LANGUAGE="pt-br")
    client.force_login(User.objects.create_superuser("raiz"))
    return client


def left_in_english(client, addresses):
    """Return the English pieces that each address shows; nothing where all is well."""
    pieces, found, read = english_pieces(), {}, 0
    for address in addresses:
        response = client.get(address)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        read += 1
        assert response["Content-Language"] == "pt-br", address
        page = " ".join(html.unescape(response.content.decode()).split())
        shown = [piece for piece in pieces if piece in page]
        if shown:
            found[address] = shown
    return found, read


def test_the_search_finds_english():
    page = "Nothing put revenue at risk in this week."

    assert [piece for piece in english_pieces() if piece in page]


def test_no_page_leaves_a_text_in_english(reader):
    with translation.override("pt-br"):
        names = furnished()
    addresses = [
        re.sub(r"\{(\w+)\}", lambda found: names[found[1]], page)
        for page in PAGE_ROUTES
        if page not in PASSED_OVER
    ]

    found, read = left_in_english(reader, addresses)

    assert found == {}
    assert read >= 20


def test_no_empty_page_leaves_a_text_in_english(reader):
    names = {"slug": "vrbo", "test_case_id": "none", "week": "2026-W01"}
    addresses = [
        re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], str(UUID(int=0))), page)
        for page in PAGE_ROUTES
        if page not in PASSED_OVER
    ]

    found, read = left_in_english(reader, addresses)

    assert found == {}
    assert read >= 10


# Django's own warning, at forms with an address; nothing here decides it.
@pytest.mark.filterwarnings("ignore:The default scheme will be changed")
def test_no_page_of_the_admin_leaves_a_text_in_english(reader):
    with translation.override("pt-br"):
        furnished()
    models = [m for m in admin.site._registry if m._meta.app_label in OURS]
    names = [f"admin:{m._meta.app_label}_{m._meta.model_name}" for m in models]
    addresses = [
        "/admin/",
        *(reverse(f"{name}_changelist") for name in names),
        *(reverse(f"{name}_add") for name in names),
    ]

    found, read = left_in_english(reader, addresses)

    assert found == {}
    assert read >= 30
