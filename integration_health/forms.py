"""How do people type health and events? Percent as percent, the past allowed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integration_health.enums import EventType, HealthStatus, Severity, SyncStatus
from integration_health.ingest.event_rows import Door, EventInput
from integration_health.ingest.snapshot_rows import SnapshotInput, refuse_wrong
from integration_health.models import Integration, IntegrationEvent, IntegrationHealth
from qa_observability.lib.errors import InvalidField
from qa_observability.web.percents import PercentField, typed_percent

_UNKNOWN = [("", gettext_lazy("Not known"))]


class MomentField(forms.DateTimeField):
    """A moment typed in the reader's own time zone, to the second."""

    widget = forms.DateTimeInput(
        format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}
    )


class HealthRow(forms.Form):
    """One channel's line in the grid, filled in with what it said last."""

    record = forms.BooleanField(label=gettext_lazy("Record"), required=False)
    pricing_sync_status = forms.ChoiceField(
        label=gettext_lazy("Pricing sync"),
        choices=[*_UNKNOWN, *SyncStatus.choices],
        required=False,
    )
    fees_sync_status = forms.ChoiceField(
        label=gettext_lazy("Fees sync"),
        choices=[*_UNKNOWN, *SyncStatus.choices],
        required=False,
    )
    booking_loss_rate = PercentField(
        label=gettext_lazy("Bookings lost, %"), required=False
    )
    error_rate = PercentField(label=gettext_lazy("Errors, %"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[("", gettext_lazy("From the signals")), *HealthStatus.choices],
        required=False,
    )

    def __init__(
        self, data: Any, *, integration: Integration, last: IntegrationHealth | None
    ) -> None:
        super().__init__(data, prefix=integration.slug, initial=_same_as(last))
        self.integration = integration
        self.last = last

    def clean(self) -> dict[str, Any]:
        """Refuse a ticked line that says nothing, and a filled one without its tick."""
        cleaned = super().clean() or {}
        signals = [value for name, value in cleaned.items() if name != "record"]
        is_blank = all(value in {"", None} for value in signals)
        is_edited = bool(set(self.changed_data) - {"record"})
        if cleaned.get("record") and is_blank and not self.errors:
            self.add_error("record", _("Fill in a signal, or take the tick away."))
        if not cleaned.get("record") and is_edited:
            self.add_error("record", _("Tick to record what you filled in."))
        return cleaned

    def snapshot(self, checked_at: datetime) -> SnapshotInput:
        """Return the check that a valid line asks for."""
        values = {
            name: None if value == "" else value
            for name, value in self.cleaned_data.items()
            if name != "record"
        }
        return SnapshotInput(
            integration_id=self.integration.slug, last_checked=checked_at, **values
        )


class CheckedAt(forms.Form):
    """When the whole grid was true."""

    checked_at = MomentField(label=gettext_lazy("Checked at"))


@dataclass(frozen=True, slots=True)
class HealthGrid:
    """All channels on one page."""

    moment: CheckedAt
    rows: list[HealthRow]

    @classmethod
    def of(
        cls,
        integrations: Iterable[Integration],
        last: dict[str, IntegrationHealth],
        *,
        now: datetime,
        data: Any = None,
    ) -> "HealthGrid":
        """Return the grid, blank of errors, or bound to what was sent."""
        return cls(
            CheckedAt(data, initial={"checked_at": now.replace(microsecond=0)}),
            [
                HealthRow(data, integration=each, last=last.get(each.slug))
                for each in integrations
            ],
        )

    def checks(self, now: datetime) -> list[SnapshotInput] | None:
        """Return what is to be recorded; ``None`` when something is wrong, noted there."""
        if not all([self.moment.is_valid(), *(row.is_valid() for row in self.rows)]):
            return None
        wanted = [row for row in self.rows if row.cleaned_data["record"]]
        if not wanted:
            self.moment.add_error(None, _("Tick at least one channel."))
            return None
        moment = self.moment.cleaned_data["checked_at"]
        checks = [(row, row.snapshot(moment)) for row in wanted]
        for row, check in checks:
            self._note_refusal(row, check, now)
        return None if self._has_errors() else [check for _row, check in checks]

    def _note_refusal(
        self, row: HealthRow, check: SnapshotInput, now: datetime
    ) -> None:
        try:
            refuse_wrong(check, {row.integration.slug: row.integration}, now)
        except InvalidField as wrong:
            for error in wrong.errors:
                if error.field in row.fields:
                    row.add_error(error.field, error.detail)
                elif "checked_at" not in self.moment.errors:
                    self.moment.add_error("checked_at", error.detail)

    def _has_errors(self) -> bool:
        return bool(self.moment.errors or any(row.errors for row in self.rows))


class EventForm(forms.ModelForm[IntegrationEvent]):
    """One event, typed in or put right."""

    event_type = forms.CharField(
        label=gettext_lazy("Type"),
        max_length=50,
        widget=forms.TextInput(attrs={"list": "event-types"}),
        help_text=gettext_lazy("Known: %(types)s.")
        % {"types": ", ".join(EventType.values)},
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"),
        choices=Severity.choices,
        initial=Severity.HIGH,
        help_text=gettext_lazy("Critical opens an incident at once."),
    )

    class Meta:
        model = IntegrationEvent
        fields = (
            "integration",
            "event_type",
            "severity",
            "occurred_at",
            "occurrences",
            "message",
            "metadata",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = timezone.now()
        if self.instance.fingerprint:  # stored: a channel does not change afterwards
            self.fields["integration"].disabled = True
        else:
            self.fields["occurred_at"].initial = self.now.replace(microsecond=0)

    def clean(self) -> dict[str, Any]:
        """Refuse by the very checks of the ingest verb."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        integration = cleaned["integration"]
        door = Door(self.now, {integration.slug})
        if refusal := door.refusal(self.event()):
            name = refusal.field if refusal.field in self.fields else None
            self.add_error(name, refusal.detail)
        return cleaned

    def event(self) -> EventInput:
        """Return what was typed as the ingest verb takes it."""
        cleaned = self.cleaned_data
        return EventInput(
            line=1,
            integration_id=cleaned["integration"].slug,
            event_type=cleaned["event_type"],
            severity=cleaned["severity"],
            message=cleaned["message"],
            metadata=cleaned["metadata"] or {},
            occurred_at=cleaned["occurred_at"],
            occurrences=cleaned["occurrences"],
        )


class SnapshotForm(forms.ModelForm[IntegrationHealth]):
    """A recorded check put right."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[("", gettext_lazy("From the signals")), *HealthStatus.choices],
        required=False,
    )
    booking_loss_rate = PercentField(
        label=gettext_lazy("Bookings lost, %"), required=False
    )
    error_rate = PercentField(label=gettext_lazy("Errors, %"), required=False)

    class Meta:
        model = IntegrationHealth
        fields = (
            "last_checked",
            "pricing_sync_status",
            "fees_sync_status",
            "booking_loss_rate",
            "error_rate",
            "status",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = timezone.now()
        self.initial.update(_same_as(self.instance))

    def clean_status(self) -> str | None:
        """Return the typed status, ``None`` when the signals decide."""
        return self.cleaned_data["status"] or None

    def clean(self) -> dict[str, Any]:
        """Refuse by the very checks of the recording verb."""
        cleaned = super().clean() or {}
        if not self.errors:
            self._refuse_wrong(cleaned)
        return cleaned

    def _refuse_wrong(self, cleaned: dict[str, Any]) -> None:
        integration = self.instance.integration
        given = SnapshotInput(
            integration_id=integration.slug,
            window_start=self.instance.window_start,
            window_end=self.instance.window_end,
            **cleaned,
        )
        try:
            refuse_wrong(given, {integration.slug: integration}, self.now)
        except InvalidField as wrong:
            for error in wrong.errors:
                known = error.field if error.field in self.fields else None
                self.add_error(known, error.detail)


def _same_as(last: IntegrationHealth | None) -> dict[str, Any]:
    if last is None:
        return {}
    is_typed = last.status_source == "manual"
    return {
        "record": True,
        "pricing_sync_status": last.pricing_sync_status or "",
        "fees_sync_status": last.fees_sync_status or "",
        "booking_loss_rate": typed_percent(last.booking_loss_rate),
        "error_rate": typed_percent(last.error_rate),
        "status": (last.status or "") if is_typed else "",
    }
