"""A rule tried on the last import says what would move and stores nothing."""

from decimal import Decimal

import pytest

from integration_health.imports.trial import (
    Counted,
    KeyBeforeAndAfter,
    MovedRoute,
    Trial,
    try_rule,
)
from integration_health.models import EndpointRule, EndpointStat
from tests.integration_health.imports.imports import DAY, NOW, import_file, stat

pytestmark = pytest.mark.django_db


def rows():
    return [
        stat("/v9/hub/airbnb/rate-push", 100, 7),
        stat("/v9/sync/listing?x=1", 10, 1),
        stat("/v9/sync/listing?x=2", 30, 3),
    ]


def counted(rows, requests, errors, rate):
    return Counted(rows, requests, errors, None if rate is None else Decimal(rate))


NOTHING = counted(0, 0, 0, None)


def test_what_would_move_by_channel_and_route():
    done = import_file(rows(), window=DAY, name="day.json")
    stored = list(EndpointStat.objects.values())

    trial = try_rule(
        EndpointRule(
            position=1, tokens=["sync"], integration_key="airbnb", aspect="fees"
        ),
        NOW,
    )

    assert trial == Trial(
        import_id=done.import_id,
        file_name="day.json",
        imported_at=trial.imported_at,
        moved=counted(2, 40, 4, "0.1000"),
        integrations=[
            KeyBeforeAndAfter(
                "airbnb", counted(1, 100, 7, "0.0700"), counted(3, 140, 11, "0.0786")
            ),
            KeyBeforeAndAfter("unmapped", counted(2, 40, 4, "0.1000"), NOTHING),
        ],
        routes=[
            MovedRoute(
                "/v9/sync/listing",
                "",
                "unmapped",
                "other",
                "airbnb",
                "fees",
                rows=2,
                requests=40,
                errors=4,
            )
        ],
    )
    assert list(EndpointStat.objects.values()) == stored
    assert not EndpointRule.objects.filter(tokens=["sync"]).exists()


def test_a_stored_rule_is_tried_in_its_own_place():
    import_file(rows(), window=DAY)
    rule = EndpointRule.objects.get(integration_key="airbnb")
    rule.enabled = False

    trial = try_rule(rule, NOW)

    assert [(each.from_key, each.to_key) for each in trial.routes] == [
        ("airbnb", "unmapped")
    ]


def test_a_rule_behind_another_of_the_same_word_moves_nothing():
    import_file(rows(), window=DAY)

    trial = try_rule(
        EndpointRule(position=999, tokens=["airbnb"], integration_key="vrbo"), NOW
    )

    assert (trial.moved, trial.integrations, trial.routes) == (NOTHING, [], [])


def test_without_an_import_there_is_nothing_to_try_on():
    trial = try_rule(EndpointRule(position=1, tokens=["sync"], aspect="fees"), NOW)

    assert trial == Trial(None, "", None, NOTHING, [], [])
