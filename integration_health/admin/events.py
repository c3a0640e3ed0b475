"""How do people look through events, add one, put one right? Never through all history.

The list keeps to a day unless a longer stretch is asked for, counts at most ten thousand
rows, and prunes partitions by the UTC day; so its cost does not grow with what is stored.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.paginator import Page, Paginator
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from psycopg.errors import QueryCanceled

from integration_health.admin.people import person
from integration_health.enums import EventType, Source
from integration_health.forms import EventForm
from integration_health.incidents import recompute_at_once
from integration_health.ingest.corrections import amend_event, remove_events
from integration_health.ingest.events import ingest_events
from integration_health.models import EventDay, IntegrationEvent
from integration_health.models.events import KEPT, IntegrationEventQuerySet
from qa_observability.lib.periods import ONE_DAY, Period, Window, start_of_day, utc_day

MOST_COUNTED = 10_000
HIERARCHY = "occurred_on"
_PARTS = ("year", "month", "day")
SHORT = 120  # characters of a message in the list
LONGEST_SEARCH_MS = 5_000


class BoundedPaginator(Paginator[IntegrationEvent]):
    """Counts no further than its last page: what lies behind is found by filters."""

    @cached_property
    def count(self) -> int:
        """The number of rows, 10,000 at most."""
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return int(rows.order_by()[:MOST_COUNTED].count())
        return len(rows)


class FoundPaginator(BoundedPaginator):
    """The same for a search, which looks through its period once: to find is to count."""

    @cached_property
    def keys(self) -> list[UUID]:
        """The ids of what was found, in order, 10,000 at most."""
        found = cast("QuerySet[IntegrationEvent]", self.object_list)
        return list(found.values_list("pk", flat=True)[:MOST_COUNTED])

    @cached_property
    def count(self) -> int:
        """The number of rows found, 10,000 at most."""
        return len(self.keys)

    def page(self, number: int | str) -> Page[IntegrationEvent]:
        """Return a page's rows, fetched by their ids."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.keys[first : first + self.per_page]
        rows = cast("QuerySet[IntegrationEvent]", self.object_list)
        return Page(list(rows.filter(pk__in=keys)), number, self)


class EventChangeList(ChangeList):
    """Offers the months and days that have events by the rollups, not by the events."""

    def get_results(self, request: HttpRequest) -> None:
        """Fetch the page; a search only for as long as a reader waits."""
        if not self.query:
            super().get_results(request)
            return
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {LONGEST_SEARCH_MS}")
                super().get_results(request)
        except OperationalError as failure:
            if not isinstance(failure.__cause__, QueryCanceled):
                raise
            messages.warning(
                request,
                _(
                    "The search was stopped after 5 seconds. Choose a shorter period, "
                    "a day, an integration or a type, and search again."
                ),
            )
            self.queryset = self.queryset.none()
            super().get_results(request)

    def day_choices(self) -> dict[str, Any]:
        """Return what Django's date hierarchy shows: months, or the days of one."""
        first = utc_day(timezone.now() - KEPT)
        days = sorted(
            EventDay.objects.filter(day__gte=first, rows__gt=0)
            .values_list("day", flat=True)
            .distinct()
        )
        year, month = (self.params.get(f"{HIERARCHY}__{part}") for part in _PARTS[:2])
        if not (year and month):
            months = sorted({day.replace(day=1) for day in days})
            return {
                "back": None,
                "choices": [
                    self._choice(each, "YEAR_MONTH_FORMAT", 2) for each in months
                ],
            }
        own = [day for day in days if [str(day.year), str(day.month)] == [year, month]]
        everything = self.get_query_string({}, [f"{HIERARCHY}__"])
        return {
            "back": {"link": everything, "title": _("All dates")},
            "choices": [self._choice(each, "MONTH_DAY_FORMAT", 3) for each in own],
        }

    def _choice(self, day: date, style: str, parts: int) -> dict[str, str]:
        asked = {f"{HIERARCHY}__{part}": getattr(day, part) for part in _PARTS[:parts]}
        return {
            "link": self.get_query_string(asked, [f"{HIERARCHY}__"]),
            "title": capfirst(date_format(day, style)),
        }


class StretchFilter(admin.SimpleListFilter):
    """How far back the list looks: two UTC days unless asked for more."""

    title = gettext_lazy("period")
    parameter_name = "period"

    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> Iterable[tuple[str, Any]]:
        return (
            (Period.WEEK.value, gettext_lazy("7 days")),
            (Period.MONTH.value, gettext_lazy("30 days")),
            (Period.QUARTER.value, gettext_lazy("90 days")),
        )

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Call the choice of nothing by what it means."""
        unchosen, *chosen = super().choices(changelist)
        yield {**unchosen, "display": _("Yesterday and today")}
        yield from chosen

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the stretch, unless the date hierarchy says which days."""
        events = cast("IntegrationEventQuerySet", queryset)
        if any(name.startswith(f"{HIERARCHY}__") for name in request.GET):
            return queryset
        now = timezone.now()
        if chosen := self.value():
            return events.in_window(Period(chosen).window(ending=now))
        yesterday = start_of_day(utc_day(now) - ONE_DAY)
        return events.in_window(Window(yesterday, now + ONE_DAY))


class TypeFilter(admin.SimpleListFilter):
    """The known types: those of all events would be a look through all of them."""

    title = gettext_lazy("type")
    parameter_name = "event_type"

    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> Iterable[tuple[str, Any]]:
        return EventType.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(event_type=chosen) if chosen else queryset


@admin.register(IntegrationEvent)
class EventAdmin(admin.ModelAdmin[IntegrationEvent]):
    """Events as stored; the partitioned table is an ordinary one from here."""

    list_display = (
        "occurred_at",
        "integration",
        "severity",
        "event_type",
        "short_message",
        "occurrences",
        "source",
        "actor",
        "in_maintenance",
    )
    list_filter = (StretchFilter, "integration", "severity", TypeFilter, "source")
    list_select_related = ("integration",)
    search_fields = ("message", "event_type")
    search_help_text = gettext_lazy("Searches messages and types of the chosen period.")
    date_hierarchy = HIERARCHY
    change_list_template = "admin/integration_health/integrationevent/change_list.html"
    ordering = ("-occurred_at", "id")
    show_full_result_count = False
    list_max_show_all = 0
    form = EventForm
    readonly_fields = ("window_start", "source", "actor", "batch_id", "created_at")

    def get_readonly_fields(
        self, request: HttpRequest, obj: IntegrationEvent | None = None
    ) -> tuple[str, ...]:
        """Return what the door writes; a new event has none of it yet."""
        return self.readonly_fields if obj else ()

    def get_changelist(
        self, request: HttpRequest, **kwargs: Any
    ) -> type[EventChangeList]:
        return EventChangeList

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet[IntegrationEvent],
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> BoundedPaginator:
        kind = FoundPaginator if request.GET.get(SEARCH_VAR) else BoundedPaginator
        return kind(queryset, per_page, orphans, allow_empty_first_page)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List with days taken as UTC days, whatever the reader's zone."""
        with timezone.override(UTC):
            return super().changelist_view(request, extra_context)

    def save_model(
        self, request: HttpRequest, obj: IntegrationEvent, form: EventForm, change: bool
    ) -> None:
        """Put right what is stored; take in what is new by the one verb."""
        now = timezone.now()
        if change:
            amend_event(obj, by=person(request), now=now)
            return
        event = form.event()
        ingest_events(
            [event],
            source=Source.MANUAL,
            actor=request.user.get_username(),
            now=now,
            idempotency_key=str(obj.pk),
        )
        day = utc_day(obj.occurred_at)
        recompute_at_once([(event.integration_id, day)], now)
        stored = IntegrationEvent.objects.filter(
            integration=event.integration_id, occurred_on=day, created_at=now
        )
        obj.pk = stored.values_list("pk", flat=True)[0]

    def delete_model(self, request: HttpRequest, obj: IntegrationEvent) -> None:
        remove_events([obj], by=person(request), now=timezone.now())

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[IntegrationEvent]
    ) -> None:
        gone = remove_events(queryset, by=person(request), now=timezone.now())
        words = ngettext(
            "%(count)s event went; rollups followed, incidents do within a minute.",
            "%(count)s events went; rollups followed, incidents do within a minute.",
            gone,
        )
        self.message_user(request, words % {"count": gone}, messages.INFO)

    @admin.display(description=gettext_lazy("message"))
    def short_message(self, event: IntegrationEvent) -> str:
        text = event.message
        return text if len(text) <= SHORT else f"{text[:SHORT]}…"
