"""One integration's page: its state, its course, what it costs, which tests know it."""
