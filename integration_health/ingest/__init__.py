"""The ways in: one verb for events, one for snapshots, whoever calls."""
