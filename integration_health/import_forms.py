"""What may a person say with an exported file?"""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from integration_health.imports.options import (
    ImportOptions,
    chosen_window,
    moment_given,
    zone_named,
)
from qa_observability.lib.errors import ApplicationError


def _zones() -> list[tuple[str, str]]:
    return [("", "—"), *((name, name) for name in sorted(available_timezones()))]


class _LocalMoment(forms.DateTimeInput):
    input_type = "datetime-local"


class ExportForm(forms.Form):
    """An export, the time it describes, and how to read it; checked against ``now``."""

    file = forms.FileField(
        label=_("Export"),
        allow_empty_file=True,  # the reader says it better
        help_text=_("JSON or CSV as Splunk exports it; up to 512 MiB."),
    )
    start = forms.CharField(
        label=_("From"),
        required=False,
        widget=_LocalMoment,
        help_text=_(
            "The search's time range. Needed for statistics without _time: the file does "
            "not say which traffic it describes."
        ),
    )
    end = forms.CharField(label=_("To"), required=False, widget=_LocalMoment)
    zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=lazy(_zones, list)(),
        help_text=_(
            "Of the two times above, UTC when empty, and of times in the file that name "
            "no certain zone."
        ),
    )
    complete = forms.BooleanField(
        label=_("Raw events hold all requests"),
        required=False,
        help_text=_("Not only failures. Then they give error rates too."),
    )
    keep_sample = forms.BooleanField(
        label=_("Keep sample data"),
        required=False,
        help_text=_("Else the first real import takes it away."),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        """Check the two ends of the window against each other and the clock."""
        said = self.cleaned_data
        try:
            zone = zone_named(said.get("zone", ""))
            said["window"] = chosen_window(
                moment_given("from", said.get("start", ""), zone),
                moment_given("to", said.get("end", ""), zone),
                now=self.now,
            )
        except ApplicationError as wrong:
            self.add_refusal(wrong)
        return said

    def add_refusal(self, refused: ApplicationError) -> None:
        """Show what was refused beside the field it is about."""
        fields = {"from": "start", "to": "end"}
        for error in refused.errors or ():
            name = fields.get(error.field, error.field)
            self.add_error(name if name in self.fields else None, error.detail)
        if not refused.errors:
            self.add_error(None, refused.detail)

    def options(self) -> ImportOptions:
        """Return what was said, once the form is valid."""
        said = self.cleaned_data
        return ImportOptions(
            window=said["window"],
            complete=said["complete"],
            zone=zone_named(said["zone"]),
            keep_sample=said["keep_sample"],
        )
