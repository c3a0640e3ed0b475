"""SQL of test results and alarms: everything that works on many rows at once."""
