"""How far can the figures be trusted? What is thin about the data, and what to do."""
