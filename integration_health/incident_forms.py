"""What do people write about an incident? The same bounds as the API's."""

from django import forms
from django.contrib.auth.models import User
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from integration_health.models import IncidentTicket

LONGEST_TEXT = 4000
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class AcknowledgeForm(forms.Form):
    """Nothing to fill in."""


class ResolveForm(forms.Form):
    """Why it is over, if there is something to say."""

    text = forms.CharField(
        label=_("Why is it over?"),
        help_text=_("Not required. It becomes a line of the timeline."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


class AssignForm(forms.Form):
    """Who looks after it: those who may act on incidents, or nobody."""

    person = forms.ModelChoiceField(
        label=_("Assigned to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        to_field_name="username",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        may_act = User.objects.with_perm(
            "integration_health.act_on_incidents", backend=_BACKEND
        )
        self.fields["person"].queryset = may_act.order_by("username")  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """A note for the timeline."""

    text = forms.CharField(
        label=_("Note (required)"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
    )


class TicketForm(forms.Form):
    """A ticket elsewhere: its key and its address."""

    key = forms.CharField(
        label=_("Key (required)"),
        help_text=_("As the tracker writes it, such as CHAN-123."),
        max_length=IncidentTicket._meta.get_field("key").max_length,
    )
    url = forms.CharField(
        label=_("Address (required)"),
        max_length=IncidentTicket._meta.get_field("url").max_length,
        validators=[
            RegexValidator(
                r"^https?://[^\s/]+\S*$",
                _("Write the whole address, beginning with https://."),
            )
        ],
        widget=forms.URLInput({"placeholder": "https://"}),
    )
