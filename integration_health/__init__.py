"""Is each channel healthy, since when, and why; what broke?

This app owns channels, their snapshots, events, incidents and everything that comes in:
by hand, pushed, imported. It refuses to know what a failure costs (``revenue``) and which
tests announced it (``correlation``): both read it through ``reports``, ``models`` and
``enums``, and it reads neither.
"""
