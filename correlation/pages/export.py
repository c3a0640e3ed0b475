"""What does the page of tests and failures give to take away?"""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from correlation.pages.links import LinksPage
from correlation.pages.rows import link_cells, link_columns
from qa_observability.web.downloads import (
    Download,
    Table,
    days_of,
    filters_of,
    made_for,
)


def links_export(request: HttpRequest, page: LinksPage, now: datetime) -> Download:
    """Return the rows of the page as filtered; money only where the page shows it."""
    asked = page.asked
    return Download(
        page="tests-and-failures",
        span=asked.period.value,
        title=_("Tests and failures"),
        sentence=page.sentence,
        header=(
            days_of(asked.period, now),
            filters_of(
                (
                    (_("integration"), asked.integration),
                    (_("test"), asked.test),
                    (_("minimum score"), asked.min_score),
                    (
                        _("preliminary links"),
                        _("hidden") if asked.hides_preliminary else "",
                    ),
                )
            ),
            *made_for(request, now),
            (_("Note"), page.note),
        ),
        tables=(
            Table(
                _("Which test goes with which failure"),
                link_columns(),
                tuple(map(link_cells, page.rows)),
            ),
            Table(
                _("What to do first"),
                (_("Advice"),),
                tuple((each.text,) for each in page.advice),
            ),
            _blind_spots(page),
        ),
    )


def _blind_spots(page: LinksPage) -> Table:
    columns = (_("Integration"), _("What failed"), _("Failures"))
    with_money = page.asked.with_money
    return Table(
        _("Blind spots: failures that no test watches for"),
        (*columns, f"{_('At risk')} ≈ {page.currency}") if with_money else columns,
        tuple(
            (spot.integration, spot.type_words, spot.failures)
            + ((spot.money,) if with_money else ())
            for spot in page.blind_spots
        ),
    )
