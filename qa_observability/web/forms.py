"""What may a reader choose?"""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qa_observability.models import Preference
from qa_observability.web.preferences import ZONE_NAMES


class PreferenceForm(forms.ModelForm[Preference]):
    """Time zone, language, theme and single-key shortcuts."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Times are shown in this zone. Days are always counted in UTC."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As the browser asks")), *settings.LANGUAGES],
        required=False,
    )

    class Meta:
        model = Preference
        fields = ["time_zone", "language", "theme", "single_keys"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [(name, name.replace("_", " ")) for name in sorted(ZONE_NAMES)]
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]


class ThemeForm(forms.Form):
    """The theme switch of the user menu and the sign-in page."""

    theme = forms.ChoiceField(choices=Preference.Theme.choices)
    next = forms.CharField(required=False)
