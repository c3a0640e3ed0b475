"""A weekly report as PDF: one A4 page, whatever it holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from revenue.exports.letters import about_letters, latin
from revenue.exports.weekly_sheet import Sheet, SheetFigure, SheetTable

_FONT: Final = "Helvetica"
_TITLE, _LEAD, _VALUE, _SECTION, _BODY, _SMALL = (
    18.0,
    11.0,
    14.0,
    11.0,
    9.0,
    8.0,
)  # points
_POINT: Final = 25.4 / 72  # millimetres
_LEADING: Final = 1.25
_MARGIN: Final = 14.0  # millimetres
_FOOT: Final = 14.0
_SCALES: Final = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
_WIDTHS: Final = (5, 3, 2, 3)  # shares of the columns
_GREY, _BLACK = 90, 0


def weekly_pdf(sheet: Sheet, *, name: str, written_at: datetime) -> bytes:
    """Return the sheet as one A4 page; the same sheet gives the same bytes.

    What does not fit is set smaller, down to half the size, and then cut at the foot.
    In Latin-1: see ``letters``.
    """
    for scale in _SCALES:
        paper = _Paper(scale, name, written_at)
        paper.write(sheet)
        if paper.fits:
            break
    return bytes(paper.document.output())


class _Paper:
    """A4 upright, written from top to bottom at one scale."""

    def __init__(self, scale: float, name: str, written_at: datetime) -> None:
        self.scale = scale
        self.document = FPDF()
        self.is_spelled = False
        self.document.set_creation_date(written_at)
        self.document.set_title(name)
        self.document.set_margins(_MARGIN, _MARGIN)
        self.document.set_auto_page_break(auto=False)
        self.document.add_page()

    @property
    def fits(self) -> bool:
        """Whether all that was written stands above the foot."""
        return bool(self.document.get_y() <= self.document.h - _FOOT)

    def write(self, sheet: Sheet) -> None:
        self._text(sheet.title, _TITLE, bold=True)
        self._text(f"{sheet.days}. {sheet.written}", _SMALL, grey=True)
        self.document.ln(2 * self.scale)
        self._text(sheet.sentence, _LEAD)
        self.document.ln(2 * self.scale)
        self._figures(sheet.figures)
        for table in sheet.tables:
            self._table(table)
        if sheet.notes:
            self.document.ln(3 * self.scale)
            for note in sheet.notes:
                self._text(f"- {note}", _SMALL, grey=True)
        if self.is_spelled:
            self._text(about_letters(), _SMALL, grey=True)

    def _figures(self, figures: Sequence[SheetFigure]) -> None:
        """Print the figures side by side in columns of one width."""
        paper, gap = self.document, 4.0
        width = (paper.epw - gap * (len(figures) - 1)) / len(figures)
        top, lowest = paper.get_y(), paper.get_y()
        for place, figure in enumerate(figures):
            left = paper.l_margin + place * (width + gap)
            paper.set_y(top)
            for text, size, bold in (
                (figure.label, _SMALL, False),
                (figure.value, _VALUE, True),
                (figure.note, _SMALL, False),
            ):
                paper.set_x(left)
                self._text(text, size, width=width, bold=bold, grey=not bold)
            lowest = max(lowest, paper.get_y())
        paper.set_y(lowest)

    def _table(self, table: SheetTable) -> None:
        paper = self.document
        paper.ln(3 * self.scale)
        self._text(table.title, _SECTION, bold=True)
        if not table.rows:
            self._text(table.nothing, _BODY)
            return
        paper.set_font(_FONT, "", _BODY * self.scale)
        rest = len(table.columns) - 1
        with paper.table(
            col_widths=_WIDTHS[: rest + 1],
            line_height=_BODY * self.scale * _POINT * 1.6,
            text_align=("LEFT", *("RIGHT" for _ in range(rest))),
            borders_layout="HORIZONTAL_LINES",
        ) as printed:
            for row in (table.columns, *table.rows):
                printed.row([self._latin(cell) for cell in row])

    def _latin(self, text: str) -> str:
        """Return what can be printed; remember when that took another spelling."""
        written, is_spelled = latin(text)
        self.is_spelled |= is_spelled
        return written

    def _text(
        self,
        text: str,
        size: float,
        *,
        width: float = 0,
        bold: bool = False,
        grey: bool = False,
    ) -> None:
        scaled = size * self.scale
        self.document.set_font(_FONT, "B" if bold else "", scaled)
        self.document.set_text_color(_GREY if grey else _BLACK)
        self.document.multi_cell(
            width,
            scaled * _POINT * _LEADING,
            self._latin(text),
            align="L",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )
        self.document.set_text_color(_BLACK)
