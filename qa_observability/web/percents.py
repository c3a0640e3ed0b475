"""How do people type a ratio? As percent, in the one way every form reads it."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

_PERCENT = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,4})?)\s*%?\s*")
_MOST = 100


class PercentField(forms.CharField):
    """A ratio typed as percent: 5, 5 % and 5,5 are understood; gives a ratio, 0 to 1.

    The percent has at most four decimals, the ratio six.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "size": "7"})

    def to_python(self, value: object) -> Any:
        """Return the ratio, or ``None`` when nothing was typed."""
        text = super().to_python(value)
        if not text:
            return None
        match = _PERCENT.fullmatch(text)
        percent = Decimal(match[1].replace(",", ".")) if match else None
        if percent is None or percent > _MOST:
            raise forms.ValidationError(
                _(
                    "Write percent from 0 to 100, such as 5 or 5 %, with at most four "
                    "decimals."
                )
            )
        return percent / 100

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether another ratio was typed, however it was spelled."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True


def typed_percent(ratio: Decimal | None) -> str:
    """Return a ratio as one would type it: 0.061 as "6.1"; nothing for ``None``."""
    return "" if ratio is None else f"{(ratio * 100).normalize():f}"
