"""The admin in Portuguese: the names of models and fields, ours and others', on every page."""

from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.pages.test_portuguese import furnished
from tests.pages.troubled import trouble

pytestmark = pytest.mark.django_db
SAME_IN_BOTH = {
    "Backtests",
    "HTML:",
    "ID",
    "Id",
    "Id:",
    "ID:",
    "PDF:",
    "Slug:",
    "Status",
    "Status:",
    "Tokens",
    "Tokens:",
}
NAMED_BY_DATA = {"Airbnb", "Booking.com", "HMBN", "Vrbo"}


class Names(HTMLParser):
    """Collects what names things: fields, columns, models in the navigation."""

    def __init__(self):
        super().__init__()
        self.found, self._inside = set(), None

    def handle_starttag(self, tag, attributes):
        classes = (dict(attributes).get("class") or "").split()
        is_name = tag in {"label", "legend", "caption"} or (
            tag == "th" and {"column", "model"} & {c.split("-")[0] for c in classes}
        )
        if is_name:
            self._inside = tag

    def handle_endtag(self, tag):
        if tag == self._inside:
            self._inside = None

    def handle_data(self, data):
        if self._inside and any(c.isalpha() for c in data):
            self.found.add(" ".join(data.split()))


def names_on(client, address):
    response = client.get(address)
    if response.status_code != 200:
        return None
    names = Names()
    names.feed(response.content.decode())
    return names.found


def addresses():
    yield "/admin/"
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        if row := model._default_manager.first():
            yield reverse(f"{name}_change", args=[row.pk])


# Django's own warning, at forms with an address; nothing here decides it.
@pytest.mark.filterwarnings("ignore:The default scheme will be changed")
def test_nothing_is_called_by_its_english_name():
    furnished()
    trouble()
    boss = User.objects.create_superuser("boss", password="a-long-password")
    english, portuguese = (
        Client(HTTP_ACCEPT_LANGUAGE=language) for language in ("en", "pt-br")
    )
    for client in (english, portuguese):
        client.force_login(boss)

    found, read = {}, 0
    for address in addresses():
        names = names_on(portuguese, address)
        if names is None:
            continue
        read += 1
        if same := names & names_on(english, address) - SAME_IN_BOTH - NAMED_BY_DATA:
            found[address] = same

    assert found == {}
    assert read >= 60
