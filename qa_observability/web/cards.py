"""What is a key figure? A label, a value, compared with what, and how it came about."""

from dataclasses import dataclass

from qa_observability.lib.trends import Change
from qa_observability.web.charts.trend import Value
from qa_observability.web.formats import Better


@dataclass(frozen=True, slots=True)
class Kpi:
    """One key figure as shown; ``value`` is ready to print.

    ``href`` leads to the figure's page, ``explain`` to the terms it is made of; both may
    be empty. ``values`` draw its sparkline in the CSS class ``look``.
    """

    label: str
    value: str
    change: Change | None = None
    better: Better = Better.LOWER
    days: int = 0
    note: str = ""
    href: str = ""
    explain: str = ""
    values: tuple[Value, ...] = ()
    look: str = "main"
