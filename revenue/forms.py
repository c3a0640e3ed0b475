"""How do people type assumptions? Percent as percent, and nothing unsaid."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integration_health.models import Integration
from qa_observability.lib.errors import ApplicationError, FieldError, InvalidField
from qa_observability.web.formats import number
from qa_observability.web.percents import PercentField
from revenue.domain.assumptions import AssumptionValues
from revenue.domain.currencies import CURRENCIES
from revenue.domain.document import LONGEST_REASON
from revenue.domain.limits import HIGHEST_BOOKINGS, HIGHEST_VALUE, MONEY_DECIMALS
from revenue.enums import Method

METHODS = {
    Method.PER_FAILURE: gettext_lazy("Per failure: failures × value × leakage"),
    Method.BY_RATE: gettext_lazy("By rate: measured traffic × value × leakage"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form asks for, as it was understood."""

    integration_id: str | None
    values: AssumptionValues
    currency: str
    valid_from: date
    reason: str
    replace: bool


class AssumptionForm(forms.Form):
    """One version to be: whose, what, since when and why."""

    integration = forms.ModelChoiceField(
        Integration.objects.in_order(),
        label=gettext_lazy("Integration"),
        required=False,
        empty_label=gettext_lazy("All integrations (the default)"),
    )
    avg_booking_value = forms.DecimalField(
        label=gettext_lazy("Average booking value"),
        required=False,
        help_text=gettext_lazy("Money per booking. Empty: from the default."),
    )
    leakage_percentage = PercentField(
        label=gettext_lazy("Leakage"),
        required=False,
        help_text=gettext_lazy(
            "Percent of failures that lose a booking: 5 means 5 %. The industry claims "
            "3 to 7 %. Empty: from the default."
        ),
    )
    bookings_per_day = forms.DecimalField(
        label=gettext_lazy("Bookings per day"),
        required=False,
        help_text=gettext_lazy(
            "On this channel. Without it protected revenue stays unknown."
        ),
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Method"),
        required=False,
        choices=[("", gettext_lazy("From the default")), *METHODS.items()],
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        max_length=3,
        help_text=gettext_lazy("ISO 4217, one for all; chosen by the first version."),
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("A UTC day. Days before keep their assumptions."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=LONGEST_REASON)
    replace = forms.BooleanField(
        label=gettext_lazy("Correct the version that is valid from this very day"),
        required=False,
    )
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_currency(self) -> str:
        """Refuse what is not a currency."""
        currency = str(self.cleaned_data["currency"]).upper()
        if currency not in CURRENCIES:
            raise forms.ValidationError(_("Not a currency of ISO 4217, such as USD."))
        return currency

    def clean(self) -> dict[str, Any]:
        """Check the values together, by the rules of every other way in."""
        if not self.errors:
            try:
                self.cleaned_data["values"] = self._values()
            except InvalidField as wrong:
                self.refuse(wrong)
        return self.cleaned_data

    def wish(self) -> Wish:
        """Return what a valid form asks for."""
        given = self.cleaned_data
        integration = given["integration"]
        return Wish(
            integration.slug if integration else None,
            given["values"],
            given["currency"],
            given["valid_from"],
            given["reason"],
            given["replace"],
        )

    def seal(self) -> str:
        """Return a mark of what was shown, to be sent back with the confirmation."""
        return signing.Signer(salt="revenue.preview").signature(repr(self.wish()))

    def was_previewed(self) -> bool:
        """Whether the effect of exactly this was shown before."""
        return bool(self.cleaned_data["previewed"] == self.seal())

    def refuse(self, refusal: ApplicationError) -> None:
        """Show a refusal at the fields it names."""
        for error in refusal.errors:
            field = error.field if error.field in self.fields else None
            self.add_error(field, _words(error))
        if not refusal.errors:
            self.add_error(None, refusal.detail)

    def _values(self) -> AssumptionValues:
        given = self.cleaned_data
        return AssumptionValues(
            given["avg_booking_value"],
            given["leakage_percentage"],
            given["bookings_per_day"],
            Method(given["method"]) if given["method"] else None,
        )


def _words(error: FieldError) -> str:
    """Return what is wrong with a value in the reader's language.

    The rules of the values speak no language; percent is the field's own to judge.
    """
    too_fine = _("At most %(count)d decimals.") % {"count": MONEY_DECIMALS}
    words = {
        ("avg_booking_value", "out_of_range"): _("Must be above 0, up to %(most)s.")
        % {"most": number(HIGHEST_VALUE)},
        ("bookings_per_day", "out_of_range"): _("Must be from 0 to %(most)s.")
        % {"most": number(HIGHEST_BOOKINGS)},
        ("avg_booking_value", "too_precise"): too_fine,
        ("bookings_per_day", "too_precise"): too_fine,
    }
    return words.get((error.field, error.code), error.detail)
