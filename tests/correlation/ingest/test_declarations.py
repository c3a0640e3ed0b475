"""A channel read off the name is declared only where nobody said one."""

import pytest
from django.contrib.auth.models import User

from correlation.ingest.declarations import declare_suggested
from correlation.models import TestCase
from qa_observability.models import AuditEntry
from tests.correlation.scene import known_test

pytestmark = pytest.mark.django_db


def test_only_undeclared_tests_with_one_channel_in_their_name_are_declared():
    quinn = User.objects.create_user("quinn")
    known_test("a", name="Vrbo: content")
    known_test("b", name="Vrbo and Airbnb agree")
    known_test("c", name="Vrbo: fees", integration_id="hmbn")

    declared = declare_suggested(TestCase.objects.all(), by=quinn)

    assert declared == 1
    assert dict(TestCase.objects.values_list("pk", "integration_id")) == {
        "a": "vrbo",
        "b": None,
        "c": "hmbn",
    }
    trace = AuditEntry.objects.get()
    assert (trace.actor_name, trace.target_id, trace.after) == (
        "quinn",
        "a",
        {"integration": "vrbo"},
    )
