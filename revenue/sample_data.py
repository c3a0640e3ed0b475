"""How do the sample's assumptions leave when real data arrives?"""

from datetime import datetime

from revenue.models import RevenueAssumption, WeeklyReport


def sample_loaded() -> bool:
    """Return whether any assumption belongs to the sample."""
    return RevenueAssumption.objects.filter(sample=True).exists()


def purge_sample(now: datetime) -> dict[str, int]:  # noqa: ARG001  the registry's form
    """Remove the sample's versions in the caller's transaction; return rows by table.

    Reports of invented figures go with them, though they were sent. What people set
    beside them stays, and nothing else here depends on the moment.
    """
    assumptions, _by_model = RevenueAssumption.objects.filter(sample=True).delete()
    _rows, by_model = WeeklyReport.objects.filter(sample=True).delete()
    return {
        "revenue_assumptions": assumptions,
        "weekly_reports": by_model.get("revenue.WeeklyReport", 0),
    }
