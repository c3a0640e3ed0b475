"""The command: its JSON alone on standard output, refusals in one sentence."""

import json

import pytest
from django.core.management import CommandError, call_command

from correlation.models import TestIntegrationCorrelation
from tests.correlation import scene

pytestmark = pytest.mark.django_db


def test_the_summary_is_json_alone(capsys):
    scene.announced_airbnb()

    call_command("refresh_correlations", "--full", "--as-of", "2026-02-04T00:00:00Z")

    summary = json.loads(capsys.readouterr().out)
    assert (summary["asOf"], summary["alarms"], summary["links"]) == (
        "2026-02-04T00:00:00Z",
        15,
        1,
    )
    assert TestIntegrationCorrelation.objects.get().hits == 13


def test_the_window_reaches_the_refresh(capsys):
    scene.announced_airbnb(minutes=100)

    call_command("refresh_correlations", "--window=7200", "--as-of=2026-02-04")

    assert TestIntegrationCorrelation.objects.get().window_seconds == 7200


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["--window", "299"], "must be from 300", id="short window"),
        pytest.param(["--as-of", "soon"], "must be an ISO 8601 moment", id="no moment"),
        pytest.param(["--as-of", "2999-01-01"], "in the future", id="future"),
    ],
)
def test_what_is_out_of_range_is_refused(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("refresh_correlations", *arguments)
