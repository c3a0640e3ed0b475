"""How do an import's rows stay at hand, so that other rules can map them again?"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from integration_health.imports.staging import clear_staged
from integration_health.models import ImportBatch

# Steps of a route add up; a failing line of a log stays a line, to become an event again.
_KEEP = """
    INSERT INTO integration_endpoint_traffic (endpoint_id, bin_start, occurred_at,
        severity, message, metadata, row_key, requests, errors, client_errors,
        server_errors)
    SELECT stat.id, staged.bin_start, line.*, sum(staged.requests), sum(staged.errors),
        sum(staged.client_errors), sum(staged.server_errors)
    FROM staged_import staged
    JOIN integration_endpoint_stats stat USING (integration_key, route, aspect, channel_hint)
    LEFT JOIN LATERAL (
        SELECT staged.occurred_at, staged.severity, staged.message, staged.metadata,
            staged.row_key
        WHERE staged.errors > 0 AND staged.occurred_at IS NOT NULL
    ) line ON true
    WHERE stat.batch_id = %s
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    ORDER BY min(staged.position)
"""
_RESTAGE = """
    INSERT INTO staged_import (position, line, integration_key, route, aspect,
        channel_hint, row_key, bin_start, requests, errors, client_errors, server_errors,
        occurred_at, severity, message, metadata)
    SELECT place, place, integration_key, route, aspect, channel_hint, row_key, bin_start,
        requests, errors, client_errors, server_errors, occurred_at, severity, message,
        metadata
    FROM (
        SELECT traffic.*, stat.integration_key, stat.route, stat.aspect,
            stat.channel_hint, row_number() OVER (ORDER BY traffic.id) AS place
        FROM integration_endpoint_traffic traffic
        JOIN integration_endpoint_stats stat ON stat.id = traffic.endpoint_id
        WHERE stat.batch_id = %s AND stat.integration_key = ANY(%s)
            AND coalesce(traffic.bin_start, traffic.occurred_at, %s) >= %s
    ) kept
"""


def keep_rows(batch: ImportBatch) -> None:
    """Keep the staged rows under the batch's counts by route, which are stored."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [batch.pk])


def restage(batch: ImportBatch, slugs: Collection[str], since: datetime) -> None:
    """Stage what was kept of a batch as its counts by route map it now.

    Only the rows of the given channels that start at ``since`` or later.
    """
    with connection.cursor() as cursor:
        clear_staged(cursor)
        cursor.execute(_RESTAGE, [batch.pk, list(slugs), batch.window_start, since])
        cursor.execute("ANALYZE staged_import")
