"""Which failing tests announce which channel failures, more often than chance allows?

This app owns test results, alarms and the links between tests and channels. It reads
incidents from ``integration_health`` and money from ``revenue.reports``; neither reads it.
"""
