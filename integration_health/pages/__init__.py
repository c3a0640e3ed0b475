"""How does channel health read on a page? Words that several pages share."""
