"""What becomes of an incident when the search finds it again, moved, or not at all?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import F

from integration_health.domain.incidents import Span
from integration_health.enums import (
    IncidentAction,
    IncidentOrigin,
    IncidentState,
    Severity,
    Source,
)
from integration_health.models import Incident, IncidentEntry
from integration_health.storage.burst_events import SevereEvents, from_microseconds

QUIET = timedelta(days=7)  # an untouched incident is over after a week without failures
RECURS_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Found:
    """An incident as the events show it."""

    started_at: datetime
    ended_at: datetime
    severity: Severity
    origin: IncidentOrigin
    detected_by: Source
    occurrences: int
    event_types: dict[str, int]
    sample: bool

    @classmethod
    def of(cls, span: Span, events: SevereEvents, is_burst: bool) -> "Found":
        """Return the incident of a span and its hot events."""
        types, positions = np.unique(events.event_types, return_inverse=True)
        counts = np.bincount(positions, weights=events.occurrences).astype(np.int64)
        return cls(
            started_at=from_microseconds(span.start),
            ended_at=from_microseconds(span.end),
            severity=Severity.CRITICAL if events.critical.any() else Severity.HIGH,
            origin=IncidentOrigin.BURST if is_burst else IncidentOrigin.MANUAL,
            detected_by=Source(str(events.sources[0])),
            occurrences=int(events.occurrences.sum()),
            event_types=dict(zip(types.tolist(), counts.tolist(), strict=True)),
            sample=bool((events.sources == Source.SAMPLE.value).all()),
        )


@dataclass(slots=True)
class Writing:
    """Writes what searches found, and counts what it did."""

    now: datetime
    counts: Counter[str] = field(
        default_factory=lambda: Counter(found=0, moved=0, withdrawn=0, removed=0)
    )

    def write(
        self,
        slug: str,
        found: Sequence[Found],
        known: Sequence[Incident],
        matched: Mapping[int, int],
    ) -> None:
        """Create, move and drop incidents so that they are what was found.

        ``matched`` maps found to known, by index.
        """
        for index, each in enumerate(found):
            if index in matched:
                self._move(known[matched[index]], each)
            else:
                self._create(slug, each)
        for index, incident in enumerate(known):
            if index not in matched.values():
                self._drop(incident)

    def _create(self, slug: str, found: Found) -> None:
        incident = Incident(
            integration_id=slug,
            detected_at=self.now,
            previous=_earlier(slug, found),
            **_evidence(found),
        )
        incident.save(force_insert=True)
        self._tell(incident, IncidentAction.FOUND)
        self.counts["found"] += 1

    def _move(self, incident: Incident, found: Found) -> None:
        news = self._news(incident, found)
        evidence = _evidence(found)
        if news is None and all(
            getattr(incident, name) == value for name, value in evidence.items()
        ):
            return
        for name, value in evidence.items():
            setattr(incident, name, value)
        if news is not None:
            _revive(incident, news)
            self._tell(incident, news)
        incident.save()
        self.counts["moved"] += 1

    def _news(self, incident: Incident, found: Found) -> IncidentAction | None:
        if incident.state == IncidentState.WITHDRAWN:
            return IncidentAction.REINSTATED
        if incident.resolved_at and found.ended_at > max(
            incident.resolved_at, incident.ended_at
        ):
            return IncidentAction.REOPENED
        return None

    def _drop(self, incident: Incident) -> None:
        """Remove an incident nobody touched; mark one withdrawn that somebody did."""
        if incident.state == IncidentState.WITHDRAWN:
            return
        if not _touched_by_people(incident):
            incident.delete()
            self.counts["removed"] += 1
            return
        incident.state = IncidentState.WITHDRAWN
        incident.withdrawn_at = self.now
        incident.save()
        self._tell(incident, IncidentAction.WITHDRAWN)
        self.counts["withdrawn"] += 1

    def _tell(self, incident: Incident, action: IncidentAction) -> None:
        IncidentEntry.objects.create(incident=incident, at=self.now, action=action)


def resolve_quiet(now: datetime) -> int:
    """Resolve open incidents nobody took up that have been quiet for a week.

    Resolved as of their last failure, so that time to recovery is not the wait for this.
    """
    with transaction.atomic():
        quiet = Incident.objects.filter(
            state=IncidentState.OPEN, ended_at__lt=now - QUIET
        ).select_for_update(skip_locked=True)
        incidents = list(quiet.only("pk"))
        Incident.objects.filter(pk__in=[each.pk for each in incidents]).update(
            state=IncidentState.RESOLVED, resolved_at=F("ended_at")
        )
        IncidentEntry.objects.bulk_create(
            IncidentEntry(incident=each, at=now, action=IncidentAction.RESOLVED)
            for each in incidents
        )
    return len(incidents)


def _evidence(found: Found) -> dict[str, object]:
    return {
        "started_at": found.started_at,
        "ended_at": found.ended_at,
        "severity": found.severity,
        "origin": found.origin,
        "detected_by": found.detected_by,
        "occurrences": found.occurrences,
        "event_types": found.event_types,
        "sample": found.sample,
    }


def _revive(incident: Incident, news: IncidentAction) -> None:
    incident.withdrawn_at = None
    if news == IncidentAction.REOPENED:
        incident.resolved_at, incident.resolved_by = None, ""
    incident.stand_as_its_moments_say()


def _earlier(slug: str, found: Found) -> Incident | None:
    """Return the incident this one repeats: same channel, a shared type, a week at most."""
    return (
        Incident.objects.standing()
        .filter(
            integration_id=slug,
            ended_at__lt=found.started_at,
            ended_at__gte=found.started_at - RECURS_WITHIN,
            event_types__has_any_keys=sorted(found.event_types),
        )
        .order_by("-ended_at")
        .first()
    )


def _touched_by_people(incident: Incident) -> bool:
    return bool(
        incident.acknowledged_by
        or incident.resolved_by
        or incident.assigned_to_id
        or incident.entries.exclude(actor="").exists()
        or incident.tickets.exists()
    )
