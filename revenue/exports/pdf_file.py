"""An export as PDF: one page to read, then the days and how it is calculated."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from qa_observability.web.formats import number, percent
from revenue.exports.letters import about_letters, latin
from revenue.exports.tables import Cell, Export, Kind, Table

MEDIA_TYPE = "application/pdf"
_FONT = "Helvetica"
_SMALL, _BODY, _SECTION, _TITLE = 8, 10, 13, 18  # points
_LINE = 5  # millimetres
_CHART_HEIGHT = 30  # millimetres
_PLACES = {Kind.MONEY: 2, Kind.PERCENT: 1}
_TERM_WIDTHS = (11, 14, 17, 46, 12, 22)  # shares; a formula stays on one line or two


def pdf_file(export: Export) -> bytes:
    """Return the export as an A4 document, in Latin-1: see ``letters``."""
    paper = _Paper(export.name)
    paper.line(export.title, _TITLE)
    paper.line(export.sentence, _BODY)
    for label, value, bounds in export.figures:
        paper.line(f"{label}: {value}  {bounds and f'({bounds})'}".rstrip(), _SECTION)
    paper.table(export.breakdown)
    paper.bars(export.days)
    paper.table(export.terms, _TERM_WIDTHS)
    paper.document.add_page()
    paper.table(export.days)
    paper.section(_("About these figures"))
    for name, said in export.header:
        paper.line(f"{name}: {said}", _SMALL)
    if paper.is_spelled:
        paper.line(about_letters(), _SMALL)
    return bytes(paper.document.output())


class _Paper:
    """A4 upright, written from top to bottom."""

    def __init__(self, name: str) -> None:
        self.document = _Document(name)
        self.is_spelled = False
        self.document.set_auto_page_break(auto=True, margin=18)
        self.document.add_page()

    def line(self, text: str, size: float) -> None:
        self.document.set_font(_FONT, "B" if size > _BODY else "", size)
        self.document.multi_cell(
            0, size / 2, self._latin(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.document.ln(1)

    def section(self, title: str) -> None:
        self.document.ln(3)
        self.line(title, _SECTION)

    def table(self, table: Table, widths: tuple[int, ...] | None = None) -> None:
        """Print a table whose head is repeated on every page; no row is split."""
        self.section(table.title)
        self.document.set_font(_FONT, "", _SMALL)
        with self.document.table(
            col_widths=widths,
            line_height=_LINE,
            text_align=tuple(_align(kind) for _name, kind in table.columns),
            borders_layout="HORIZONTAL_LINES",
        ) as printed:
            printed.row([self._latin(name) for name, _kind in table.columns])
            for row in table.rows:
                cells = zip(row, table.columns, strict=True)
                printed.row(
                    [self._latin(_text(cell, kind)) for cell, (_name, kind) in cells]
                )

    def _latin(self, text: str) -> str:
        """Return what can be printed; remember when that took another spelling."""
        written, is_spelled = latin(text)
        self.is_spelled |= is_spelled
        return written

    def bars(self, days: Table) -> None:
        """Draw the second column of the days as bars; a day without data is a gap."""
        self.section(_("At risk per day"))
        amounts = [row[1] for row in days.rows]
        known = [amount for amount in amounts if isinstance(amount, Decimal)]
        highest = max(known, default=Decimal(0)) or Decimal(1)
        paper = self.document
        width = paper.epw / max(1, len(amounts))
        base = paper.get_y() + _CHART_HEIGHT
        paper.set_fill_color(90)
        for at, amount in enumerate(amounts):
            if isinstance(amount, Decimal) and amount:
                height = float(amount / highest) * _CHART_HEIGHT
                left = paper.l_margin + at * width
                paper.rect(left, base - height, width * 0.8, height, style="F")
        paper.line(paper.l_margin, base, paper.l_margin + paper.epw, base)
        paper.set_fill_color(255)
        paper.set_y(base + 1)
        first, last = (_text(row[0], Kind.DAY) for row in (days.rows[0], days.rows[-1]))
        paper.set_font(_FONT, "", _SMALL)
        paper.cell(paper.epw / 2, _LINE, first)
        paper.cell(
            paper.epw / 2, _LINE, last, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )


class _Document(FPDF):
    """Adds the name and the page number under every page."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(_FONT, "", _SMALL)
        self.cell(0, 8, f"{self.name}  {self.page_no()}/{{nb}}", align="C")


def _align(kind: Kind) -> str:
    return "LEFT" if kind in {Kind.TEXT, Kind.DAY} else "RIGHT"


def _text(cell: Cell, kind: Kind) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return cell
    return percent(cell) if kind is Kind.RATIO else number(cell, _PLACES[kind])
