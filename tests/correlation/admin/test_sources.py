"""Sources in the admin: a new window judges the alarms anew."""

from datetime import timedelta

import pytest

from correlation.models import Alarm, TestSource
from qa_observability.models import AuditEntry
from tests.correlation.scene import NOW, failures, known_test, source

LIST = "/admin/correlation/testsource/"

pytestmark = pytest.mark.django_db


def save(admin, **fields):
    return admin.post(
        f"{LIST}ci/change/",
        {"window_seconds": 3600, "time_zone": "UTC"} | fields,
        follow=True,
    )


def test_a_wider_window_withdraws_alarms_and_a_narrower_one_raises_them(admin):
    failures(known_test("t"), [NOW, NOW + timedelta(minutes=40)])
    failures(known_test("u", of=source("other")), [NOW])
    assert Alarm.objects.count() == 3

    wider = save(admin, window_seconds=7200)
    assert set(Alarm.objects.values_list("test_case_id", "failed_at")) == {
        ("t", NOW),
        ("u", NOW),
    }
    assert "0 alarms were raised and 1 withdrawn" in wider.text

    narrower = save(admin, window_seconds=3600)
    assert Alarm.objects.count() == 3
    assert "1 alarms were raised and 0 withdrawn" in narrower.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"window_seconds": 299}, "window_seconds"),
        ({"window_seconds": 259_201}, "window_seconds"),
        ({"window_seconds": "an hour"}, "window_seconds"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_impossible_settings_are_refused_at_their_field(fields, field, admin):
    source()

    page = save(admin, **fields)

    assert list(page.context["adminform"].form.errors) == [field]
    assert TestSource.objects.get().window_seconds == 3600


@pytest.mark.parametrize("seconds", [300, 259_200])
def test_the_edges_of_the_window_are_accepted(seconds, admin):
    source()

    save(admin, window_seconds=seconds, time_zone="America/Sao_Paulo")

    assert TestSource.objects.values_list("window_seconds", "time_zone").get() == (
        seconds,
        "America/Sao_Paulo",
    )
    trace = AuditEntry.objects.get(action="test_source.saved")
    assert trace.before == {"window_seconds": 3600, "time_zone": "UTC"}
    assert trace.after == {"window_seconds": seconds, "time_zone": "America/Sao_Paulo"}


def test_a_source_is_added(admin):
    admin.post(
        f"{LIST}add/", {"name": "nightly", "window_seconds": 86400, "time_zone": "UTC"}
    )

    assert TestSource.objects.get().pk == "nightly"
