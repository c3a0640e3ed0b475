"""Which letters can a PDF without fonts of its own print? Those of Latin-1."""

# The fonts every PDF reader has know Latin-1; what else we write has a twin there.
_TWINS = str.maketrans(
    {
        "≈": "~",
        "−": "-",
        "–": "-",
        "—": "-",
        "≥": ">=",
        "…": "...",
        "\u202f": " ",
        "↑": "up",
        "↓": "down",
        "→": "=",
    }
)


def latin(text: str) -> str:
    """Return a text in Latin-1; letters that have no twin there become ``?``."""
    return text.translate(_TWINS).encode("latin-1", errors="replace").decode("latin-1")
