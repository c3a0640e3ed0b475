"""Does the method find links that were really built in? Seeded worlds, and a judge."""
