from datetime import UTC, datetime, timedelta

import pytest

from qa_observability.audit import record
from qa_observability.models import JobRun
from qa_observability.roles import Role

pytestmark = pytest.mark.django_db
TRAIL, RUNS = "/admin/qa_observability/auditentry/", "/admin/qa_observability/jobrun/"


def test_the_trail_is_searched(person):
    _user, client = person(Role.ADMIN)
    record(None, "token.revoked", "token", reason="leaked")
    record(None, "key.rotated", "keys")

    page = client.get(TRAIL, {"q": "leaked"}).content.decode()

    assert "token.revoked</a>" in page or "token.revoked</td>" in page
    assert "key.rotated</td>" not in page


def test_an_entry_is_read_not_changed(person, root):
    entry = record(None, "token.revoked", "token", before={"a": 1})
    path = f"{TRAIL}{entry.pk}/change/"

    assert root.get(path).status_code == 200
    assert root.post(path, {"reason": "other"}).status_code == 403
    assert root.post(f"{TRAIL}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert root.get(f"{TRAIL}add/").status_code == 403


def test_job_runs_show_how_long_they_took(root):
    start = datetime(2026, 1, 10, tzinfo=UTC)
    JobRun.objects.create(
        job="sweep",
        started_at=start,
        finished_at=start + timedelta(seconds=1.25),
        result="done",
        counts={"found": 3},
    )
    JobRun.objects.create(job="refresh", started_at=start)

    page = root.get(RUNS).content.decode()

    assert '<td class="field-duration">1.3</td>' in page
    assert '<td class="field-duration">—</td>' in page


@pytest.mark.parametrize("role", [Role.QA_ENGINEER, Role.QA_LEAD])
def test_others_do_not_see_the_trail(person, role):
    _user, client = person(role)

    assert client.get(TRAIL).status_code == 403
