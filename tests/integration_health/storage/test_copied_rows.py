"""Rows stored by COPY are the rows bulk_create would have stored."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from integration_health.models import IntegrationHealth
from integration_health.storage.copied_rows import copy_rows

MOMENT = datetime(2026, 1, 10, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def snapshot(moment, **columns):
    return IntegrationHealth(
        integration_id="vrbo",
        last_checked=moment,
        error_rate=Decimal("0.0610"),
        status="critical",
        source="splunk",
        actor='a\tb\\N "quoted"\nand a second line',
        **columns,
    )


@pytest.mark.django_db
def test_rows_come_back_as_they_were():
    written = [snapshot(MOMENT), snapshot(MOMENT + HOUR, window_start=MOMENT)]
    written[1].window_end = MOMENT + HOUR

    copy_rows(written)

    columns = [field.attname for field in IntegrationHealth._meta.concrete_fields]
    stored = IntegrationHealth.objects.order_by("last_checked")
    assert [[getattr(each, name) for name in columns] for each in stored] == [
        [getattr(each, name) for name in columns] for each in written
    ]


@pytest.mark.django_db
def test_a_row_that_breaks_a_constraint_leaves_none():
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows([snapshot(MOMENT + HOUR), snapshot(MOMENT), snapshot(MOMENT)])

    assert not IntegrationHealth.objects.exists()


@pytest.mark.django_db
def test_no_rows_are_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        copy_rows([])
