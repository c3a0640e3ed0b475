"""The ways in for test results: one verb, and the doors that feed it."""
