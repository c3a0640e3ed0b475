"""How do revenue's answers read on a page? Reports in, printable objects out."""
