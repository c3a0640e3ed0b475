"""Which language does a reader get? Theirs, then the browser's, then the house's."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone, translation
from rest_framework.test import APIClient

from integration_health.models import Alert
from qa_observability.lib.weeks import last_complete_week
from qa_observability.models import Preference
from qa_observability.roof.weekly.write import write_report
from tests.pages.world import check

pytestmark = pytest.mark.django_db
PORTUGUESE = {"HTTP_ACCEPT_LANGUAGE": "pt-BR,pt;q=0.9,en;q=0.5"}


@pytest.fixture
def person():
    return User.objects.create_user("ana", password="a-long-password")


def signed_in(person, **headers):
    client = Client(**headers)
    client.force_login(person)
    return client


def heading(response):
    page = response.content.decode()
    return page.partition("<html lang=")[2][1:6], response["Content-Language"]


def test_the_browsers_language_is_followed_before_signing_in():
    response = Client(**PORTUGUESE).get("/sign-in")

    assert heading(response) == ("pt-br", "pt-br")
    assert "Nome de usuário" in response.content.decode()


@pytest.mark.parametrize("asked", ["pt", "pt-PT", "pt-br"])
def test_any_portuguese_is_answered_in_that_of_brazil(asked):
    response = Client(HTTP_ACCEPT_LANGUAGE=asked).get("/sign-in")

    assert response["Content-Language"] == "pt-br"


def test_a_language_that_is_not_offered_is_answered_in_that_of_the_house():
    response = Client(HTTP_ACCEPT_LANGUAGE="de").get("/sign-in")

    assert response["Content-Language"] == "en"


def test_a_chosen_language_holds_in_every_browser(person):
    Preference.objects.create(user=person, language="pt-br")

    for client in (signed_in(person), signed_in(person, HTTP_ACCEPT_LANGUAGE="en")):
        assert heading(client.get("/preferences")) == ("pt-br", "pt-br")


def test_english_may_be_chosen_in_a_portuguese_browser(person):
    Preference.objects.create(user=person, language="en")

    response = signed_in(person, **PORTUGUESE).get("/preferences")

    assert response["Content-Language"] == "en"


def test_a_language_no_longer_offered_leaves_it_to_the_browser(person):
    Preference.objects.create(user=person, language="eo")

    response = signed_in(person, **PORTUGUESE).get("/preferences")

    assert response["Content-Language"] == "pt-br"


def test_choosing_a_language_answers_in_it(person):
    client = signed_in(person)
    given = {"time_zone": "UTC", "language": "pt-br", "theme": "system"}

    page = client.post("/preferences", given, follow=True).content.decode()

    assert "Salvo." in page
    assert '<option value="pt-br" selected>Português (Brasil)</option>' in page


def test_the_languages_of_two_requests_do_not_mix(person):
    Preference.objects.create(user=person, language="pt-br")
    signed_in(person).get("/preferences")

    assert Client().get("/sign-in")["Content-Language"] == "en"


def test_the_api_says_what_is_wrong_as_the_caller_asks_and_keeps_its_codes():
    def refusal(**headers):
        return APIClient(**headers).get("/api/v1/integrations/health").json()

    english, portuguese = refusal(), refusal(**PORTUGUESE)

    assert english["detail"] != portuguese["detail"]
    assert english["code"] == portuguese["code"] == "not_authenticated"


def test_the_api_document_is_one_for_all_languages(person):
    def texts(**headers):
        document = signed_in(person, **headers).get("/api/schema?format=json").json()
        return {
            (path, method): (asked.get("summary"), asked["description"])
            for path, methods in document["paths"].items()
            for method, asked in methods.items()
        }

    assert texts() == texts(**PORTUGUESE)


def test_what_is_kept_for_all_is_written_in_the_language_of_the_house(settings):
    with translation.override("pt-br"):
        check("airbnb", pricing_sync_status="error")
    settings.LANGUAGE_CODE = "pt-br"
    check("vrbo", pricing_sync_status="error")

    assert {
        alert.integration_id: (alert.title, alert.body) for alert in Alert.objects.all()
    } == {
        "airbnb": ("Airbnb turned critical", "Critical because pricing sync is Error"),
        "vrbo": (
            "Vrbo ficou crítico",
            "Crítico: sincronização de preços com status Erro",
        ),
    }


def test_a_weekly_report_speaks_the_language_of_the_house(settings):
    settings.LANGUAGE_CODE = "pt-br"
    week = last_complete_week(timezone.now())

    report = write_report(week, actor=None, now=timezone.now(), send=False)

    assert "dias UTC. Escrito em" in report.html
    assert "Sem dados recentes quando foi escrito: Booking.com" in report.html
