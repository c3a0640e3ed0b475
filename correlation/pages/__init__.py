"""How do links of tests and failures read on a page? Reports in, printable objects out."""
