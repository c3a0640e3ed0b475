"""What if other assumptions held? Versions with a draft put in their place."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from revenue.domain.assumptions import VALUE_NAMES, AssumptionValues, Version

DRAFT = UUID(int=0)  # no stored version has it


def with_draft(
    versions: Iterable[Version],
    drafts: Mapping[str | None, AssumptionValues],
    valid_from: date | None,
) -> list[Version]:
    """Return the versions as they would be with the drafts in force.

    From ``valid_from`` on, a draft stands in for the version of that very day and holds
    until the next; without a day it holds always, alone. Integrations without a draft
    keep theirs.
    """
    kept = [
        version
        for version in versions
        if version.integration_id not in drafts
        or (valid_from is not None and version.valid_from != valid_from)
    ]
    return kept + [
        Version(DRAFT, integration_id, valid_from or date.min, values)
        for integration_id, values in drafts.items()
    ]


def overlaid(values: AssumptionValues, draft: AssumptionValues) -> AssumptionValues:
    """Return ``values`` with what the draft says put over them."""
    said = {
        name: value
        for name in VALUE_NAMES
        if (value := getattr(draft, name)) is not None
    }
    return replace(values, **said)
