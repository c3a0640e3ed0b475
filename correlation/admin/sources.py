"""Where do results come from, and how are their times to be read?"""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from correlation.models import TestSource
from correlation.storage.alarms import rejudge_source
from qa_observability.audit import record

FIELDS = ("window_seconds", "time_zone")


class TestSourceForm(forms.ModelForm[TestSource]):
    """The window in seconds, and a zone that exists."""

    __test__ = False

    time_zone = forms.TypedChoiceField(
        label=gettext_lazy("Time zone of reports without one"),
        choices=lambda: [(zone, zone) for zone in sorted(available_timezones())],
        help_text=gettext_lazy("UTC: their times are marked as assumed."),
    )

    class Meta:
        model = TestSource
        fields = ["name", *FIELDS]
        help_texts = {
            "window_seconds": gettext_lazy(
                "How long after a failing test a channel's failure counts as announced: "
                "300 (5 minutes) to 259200 (72 hours). Nightly suites want a long one."
            )
        }


@admin.register(TestSource)
class TestSourceAdmin(admin.ModelAdmin[TestSource]):
    """A new window judges the alarms of the source's tests anew."""

    __test__ = False

    form = TestSourceForm
    list_display = ["name", "window_seconds", "time_zone"]
    search_fields = ["name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["name"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        before = TestSource.objects.filter(pk=obj.pk).values(*FIELDS).first()
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            after = {name: getattr(obj, name) for name in FIELDS}
            record(request.user, "test_source.saved", obj, before=before, after=after)
            raised, withdrawn = rejudge_source(obj.pk)
        if raised or withdrawn:
            self.message_user(
                request,
                _(
                    "The window changed: %(raised)d alarms were raised and %(withdrawn)d "
                    "withdrawn. The links follow with the next refresh."
                )
                % {"raised": raised, "withdrawn": withdrawn},
                messages.WARNING,
            )
