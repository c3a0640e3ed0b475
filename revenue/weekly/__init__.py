"""How a weekly report is kept, shown and brought to people."""
