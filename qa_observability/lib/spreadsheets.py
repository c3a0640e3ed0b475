"""When does a text become a formula? Never, in what we write for spreadsheets."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def text_cell(text: str) -> str:
    """Return a text that a spreadsheet shows and never runs.

    A text that starts like a formula gets an apostrophe in front, which spreadsheets
    hide. Source: OWASP, "CSV Injection". Numbers are no texts: leave them alone.
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
