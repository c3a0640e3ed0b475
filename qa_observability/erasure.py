"""Where may a person be named, and what happens there when they ask to be erased?

Each app lists its own places; the roof goes through all of them. A row that *is* about
the person goes; a row that records what others did stays, with the name masked.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from qa_observability.lib.subjects import database_pattern, without_token


class Fate(StrEnum):
    """What erasure does with a row that names the person."""

    DELETE = "delete"
    MASK = "mask"
    KEEP = "keep"


Remove = Callable[[QuerySet[Any], datetime], int]
Redraw = Callable[[QuerySet[Any]], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of one table, and those of their columns that hold free text or JSON.

    ``remove`` deletes the rows it is given with all that follows from it, and returns how
    many; only for :attr:`Fate.DELETE`. ``redraw`` makes anew what other columns of masked
    rows derive from the masked ones; only for :attr:`Fate.MASK`.
    """

    name: str
    rows: QuerySet[Any]
    columns: tuple[str, ...]
    fate: Fate
    remove: Remove | None = None
    redraw: Redraw | None = None

    def naming(self, token: str) -> QuerySet[Any]:
        """Keep the rows with the whole token in any of the columns. Reads all rows."""
        return self._naming(token, self.columns)

    def erase(self, token: str, now: datetime) -> int:
        """Delete or mask the rows that name the token; return how many there were."""
        if self.fate is Fate.MASK:
            return self._mask(token)
        if self.remove is None:
            return 0
        return self.remove(self.naming(token), now)

    def _mask(self, token: str) -> int:
        """Mask value by value: one person's name stands in any number of equal cells."""
        ids = list(self.naming(token).values_list("pk", flat=True))
        for column in self.columns:
            named = self._naming(token, [column]).order_by()
            for value in list(named.values_list(column, flat=True).distinct()):
                self.rows.filter(**{column: value}).update(
                    **{column: self._masked(column, value, token)}
                )
        if self.redraw is not None and ids:
            self.redraw(self.rows.filter(pk__in=ids))
        return len(ids)

    def _masked(self, column: str, value: Any, token: str) -> Any:
        for form in self._forms(column, token):
            value = without_token(value, form)
        longest = getattr(self._field(column), "max_length", None)
        return value[:longest] if longest else value

    def _naming(self, token: str, columns: Iterable[str]) -> QuerySet[Any]:
        found = Q(pk__in=[])
        texts = {}
        for column in columns:
            texts[_text_of(column)] = Cast(column, TextField())
            for form in self._printed(column, token):
                found |= Q(
                    **{
                        # The first half is a plain search and spares most rows the second.
                        f"{_text_of(column)}__icontains": form,
                        f"{_text_of(column)}__iregex": database_pattern(form),
                    }
                )
        rows: QuerySet[Any] = self.rows.alias(**texts).filter(found)
        return rows

    def _printed(self, column: str, token: str) -> set[str]:
        """Return how the token may stand in the column's text."""
        if isinstance(self._field(column), models.JSONField):
            return {json.dumps(token, ensure_ascii=False)[1:-1]}
        return self._forms(column, token)

    def _forms(self, column: str, token: str) -> set[str]:
        """Return how the token may stand in a value: texts may hold JSON of others."""
        if isinstance(self._field(column), models.JSONField):
            return {token}
        escaped = (
            json.dumps(token, ensure_ascii=plain)[1:-1] for plain in (True, False)
        )
        return {token, *escaped}

    def _field(self, column: str) -> Any:
        return self.rows.model._meta.get_field(column)


def delete_rows(rows: QuerySet[Any], _now: datetime) -> int:
    """Delete rows nothing follows from; return how many."""
    ids = list(rows.values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=ids).delete()
    return len(ids)


def excerpts(row: models.Model, columns: Iterable[str]) -> dict[str, Any]:
    """Return the columns of one found row by name."""
    return {column: getattr(row, column) for column in columns}


def _text_of(column: str) -> str:
    return f"text_of_{column}"
