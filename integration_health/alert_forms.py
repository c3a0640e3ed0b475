"""What does a person say to put an alert off? Until when, and why: the API's bounds."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integration_health.models import Alert


class SnoozeForm(forms.Form):
    """A moment ahead in the reader's own time zone, and a reason if there is one."""

    until = forms.DateTimeField(
        label=gettext_lazy("Until (required)"),
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy(
            "Not required. Whoever looks at what is snoozed reads it."
        ),
        max_length=Alert._meta.get_field("snooze_reason").max_length,
        required=False,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        zone = timezone.get_current_timezone_name()
        self.fields["until"].help_text = _("By the clocks of %(zone)s.") % {
            "zone": zone
        }
