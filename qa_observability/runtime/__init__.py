"""The servers and processes behind one command, in plain Python without Django.

``python -m qa_observability.runtime up`` starts PostgreSQL and Valkey from wheels (or
uses those that ``DATABASE_URL`` and ``REDIS_URL`` name), then the web server, the worker
and the schedule, and keeps them running until it is told to stop.
"""
