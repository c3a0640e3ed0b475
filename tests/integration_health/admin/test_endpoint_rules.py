"""Mapping endpoints in the admin: from a stranger's route to a rule in force for 90 days."""

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from kombu.exceptions import OperationalError

from integration_health.models import EndpointRule, EndpointStat, IntegrationEvent
from integration_health.tasks import remap_past
from qa_observability.models import AuditEntry, JobRun
from tests.integration_health.imports.imports import import_file, stat

pytestmark = pytest.mark.django_db


def address(name, *arguments):
    return reverse(f"admin:integration_health_endpointrule_{name}", args=arguments)


def typed(tokens, key="", aspect="", position=500):
    return {
        "position": position,
        "tokens": tokens,
        "integration_key": key,
        "aspect": aspect,
        "enabled": "on",
        "note": "",
    }


@pytest.fixture
def imported():
    at = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    rows = [
        stat("/v9/hub/airbnb/rate-push", 100, 10, at=at),
        stat("/v9/sync/listing", 60, 30, at=at),
        stat("/v9/hub/google/availability", 30, 0, at=at),
        stat("/v9/airbnb/vrbo/compare", 10, 0, at=at),
    ]
    return import_file(rows, now=timezone.now(), name="week.json")


def test_from_an_unmatched_route_to_a_rule_in_force(boss, imported):
    page = boss.get(address("unmatched"))
    (listing, make, words), *_others = page.context["rows"]
    assert (listing.route, words) == ("/v9/sync/listing", "Make a rule")

    form = boss.get(make).context["adminform"].form
    assert form["tokens"].value() == "sync"
    assert form["note"].value() == "/v9/sync/listing"
    highest = EndpointRule.objects.order_by("-position").first().position
    assert form["position"].value() == str(highest + 10)

    saved = boss.post(address("add"), typed("sync", "vrbo"), follow=True)
    assert "1 counts by route in 1 imports are mapped otherwise" in text(saved)
    assert not IntegrationEvent.objects.filter(integration="vrbo").exists()

    mapped = boss.post(address("remap"), follow=True)
    assert "The past 90 days are being mapped again." in text(mapped)
    assert "Map the past 90 days again" not in mapped.content.decode()
    assert IntegrationEvent.objects.filter(integration="vrbo").count() == 1
    assert AuditEntry.objects.get(action="import.remapped").actor_name == "ana"
    assert JobRun.objects.get().counts == {"imports": 1, "changed": 1, "routes": 1}


def text(response):
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def test_every_kind_of_route_has_its_next_step(boss, imported):
    google = EndpointRule.objects.get(integration_key="other:google")

    rows = boss.get(address("unmatched")).context["rows"]

    assert [
        (row.integration_key, link.partition("?")[0], words)
        for row, link, words in rows
    ] == [
        ("unmapped", address("add"), "Make a rule"),
        ("other:google", address("change", google.pk), "Change its rule"),
        ("ambiguous", address("changelist"), "Two rules match"),
    ]


def test_the_largest_by_errors_come_first_when_asked(boss, imported):
    boss.post(address("add"), typed("google", "other:google", position=1))

    page = boss.get(address("unmatched"), {"sort": "errors"})

    assert [row.errors for row, _link, _words in page.context["rows"]] == [30, 0, 0]
    assert "100 of 200 requests and 30 of 40 errors" in text(page)


@pytest.mark.parametrize(
    ("everything_mapped", "words"),
    [
        (True, "Every route of the last 90 days belongs to a channel."),
        (False, "Nothing was imported in the last 90 days."),
    ],
)
def test_nothing_unmatched_is_said_in_words(boss, everything_mapped, words):
    if everything_mapped:
        at = timezone.now() - timedelta(hours=3)
        import_file([stat("/v9/airbnb/rates", 10, 1, at=at)], now=timezone.now())

    assert words in text(boss.get(address("unmatched")))


def test_a_new_rule_is_tried_without_being_stored(boss, imported):
    before = (
        EndpointRule.objects.count(),
        list(EndpointStat.objects.order_by("pk").values()),
        AuditEntry.objects.count(),
    )

    page = boss.post(address("try_new"), typed("sync", "airbnb"))

    assert (
        "In week.json, the last import, 1 rows with 60 requests and 30 errors would move"
        in text(page)
    )
    assert [
        (each.integration_key, each.before.requests, each.after.requests)
        for each in page.context["trial"].integrations
    ] == [("airbnb", 100, 160), ("unmapped", 60, 0)]
    assert page.context["form"]["tokens"].value() == "sync"
    assert f'formaction="{address("add")}"' in page.content.decode()
    assert before == (
        EndpointRule.objects.count(),
        list(EndpointStat.objects.order_by("pk").values()),
        AuditEntry.objects.count(),
    )


def test_a_stored_rule_is_tried_as_changed(boss, imported):
    rule = EndpointRule.objects.get(integration_key="airbnb")

    form = boss.get(address("change", rule.pk))
    page = boss.post(address("try", rule.pk), typed("sync", "airbnb"))

    assert f'formaction="{address("try", rule.pk)}"' in form.content.decode()
    assert {each.to_key for each in page.context["trial"].routes} == {
        "unmapped",
        "airbnb",
        "vrbo",
    }
    assert f'formaction="{address("change", rule.pk)}"' in page.content.decode()
    rule.refresh_from_db()
    assert rule.tokens == ["airbnb"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        pytest.param(typed("sync"), "Name an integration", id="tells nothing"),
        pytest.param(typed("", "vrbo"), "This field is required", id="no token"),
    ],
)
def test_a_wrong_rule_is_refused_beside_its_field(boss, imported, form, words):
    page = boss.post(address("try_new"), form)

    assert page.context["trial"] is None
    assert words in text(page)


def test_a_trial_says_when_nothing_moves_or_there_is_no_import(boss):
    nothing = boss.post(address("try_new"), typed("sync", "vrbo"))
    at = timezone.now() - timedelta(hours=3)
    import_file([stat("/airbnb/x", 9, 1, at=at)], now=timezone.now(), name="a.json")
    unmoved = boss.post(address("try_new"), typed("sync", "vrbo"))

    assert "There is no import of the last 90 days" in text(nothing)
    assert "Nothing would move in a.json, the last import." in text(unmoved)


def test_a_running_job_shows_how_far_it_is(boss, monkeypatch, imported):
    JobRun.objects.create(
        job="integration_health.remap_past", started_at=timezone.now()
    )
    monkeypatch.setattr(
        "integration_health.imports.remap_progress.cache.get", lambda _key: (3, 7)
    )

    page = boss.get(address("unmatched"))

    assert "3 of 7 imports done" in text(page)
    assert '<progress max="7" value="3">' in page.content.decode()


def test_a_queue_that_does_not_answer_is_said(boss, monkeypatch):
    def refuse(**_arguments):
        raise OperationalError

    monkeypatch.setattr(remap_past, "delay", refuse)

    page = boss.post(address("remap"), follow=True)

    assert "The job queue does not answer." in text(page)


def test_who_may_only_look_sees_the_list_and_nothing_to_do(client, imported):
    viewer = User.objects.create_user("vera", password="p", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_endpointrule"))
    client.force_login(viewer)
    EndpointRule.objects.create(position=1, tokens=["sync"], integration_key="vrbo")
    rule = EndpointRule.objects.first()

    page = client.get(address("unmatched"))

    assert page.status_code == 200
    assert "Map the past 90 days again" not in page.content.decode()
    assert "Make a rule" not in text(page)
    for name, arguments in (("remap", ()), ("try_new", ()), ("try", (rule.pk,))):
        assert client.post(address(name, *arguments)).status_code == 403


def test_a_rule_that_is_gone_is_not_found(boss):
    unknown = "00000000-0000-0000-0000-000000000000"

    assert boss.post(address("try", unknown), typed("x", "vrbo")).status_code == 404


def test_removing_rules_offers_to_map_again_too(boss, imported):
    airbnb = EndpointRule.objects.get(integration_key="airbnb")

    page = boss.post(address("delete", airbnb.pk), {"post": "yes"}, follow=True)

    assert "2 counts by route in 1 imports are mapped otherwise" in text(page)
