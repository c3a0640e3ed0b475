"""How many rows does a list have? Counted up to a limit, so that history costs nothing."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST_COUNTED = 10_000


class CappedPaginator(Paginator[Any]):
    """Pages of at most the first 10,000 rows; filters lead to the rest."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, 10,000 when there are more."""
        rows = cast("QuerySet[Any]", self.object_list)
        return rows[:MOST_COUNTED].count()
