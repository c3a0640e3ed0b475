"""What no channel owns, largest first, with its share of everything."""

from datetime import timedelta
from decimal import Decimal

import pytest

from integration_health.imports import undo_import
from integration_health.models import ImportBatch
from integration_health.reports.endpoints import (
    Largest,
    UnmatchedRoutes,
    unmatched_routes,
)
from tests.integration_health.imports.imports import (
    DAY,
    NOW,
    import_file,
    minutes,
    stat,
)

pytestmark = pytest.mark.django_db


def rows(at):
    return [
        stat("/v9/hub/airbnb/rate-push", 600, 20, at=at),
        stat("/v9/sync/listing", 300, 5, at=at),
        stat("/v9/hub/google/availability", 80, 15, at=at),
        stat("/v9/airbnb/vrbo/compare", 20, 0, at=at),
    ]


def listed(report):
    return [
        (each.integration_key, each.route, each.imports, each.requests, each.errors)
        for each in report.routes
    ]


def test_routes_add_up_over_imports_with_their_shares():
    import_file(rows(DAY.start))
    import_file(rows(DAY.start + minutes(60)))

    report = unmatched_routes(NOW)

    assert listed(report) == [
        ("unmapped", "/v9/sync/listing", 2, 600, 10),
        ("other:google", "/v9/hub/google/availability", 2, 160, 30),
        ("ambiguous", "/v9/airbnb/vrbo/compare", 2, 40, 0),
    ]
    assert (report.requests, report.errors) == (2000, 80)
    assert (report.unmatched_requests, report.unmatched_errors) == (800, 40)
    assert report.unmatched_request_share == Decimal("0.4000")
    assert report.unmatched_error_share == Decimal("0.5000")
    assert report.routes[0].request_share == Decimal("0.3000")
    assert report.routes[0].error_share == Decimal("0.1250")


def test_by_errors_and_limited():
    import_file(rows(DAY.start))

    report = unmatched_routes(NOW, by=Largest.ERRORS, limit=1)

    assert listed(report) == [
        ("other:google", "/v9/hub/google/availability", 1, 80, 15)
    ]
    assert report.unmatched_requests == 400


def test_undone_and_old_imports_do_not_count():
    nothing = UnmatchedRoutes(0, 0, 0, 0, None, None, [])
    done = import_file(rows(DAY.start))
    undo_import(done.import_id, by=None, now=NOW)
    assert unmatched_routes(NOW) == nothing

    import_file(rows(DAY.start))
    ImportBatch.objects.update(created_at=NOW - timedelta(days=91))
    assert unmatched_routes(NOW) == nothing
