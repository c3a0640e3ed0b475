"""The project: the roof wires the three apps together, the cellar serves them.

It owns people, tokens, the audit trail and job runs, and knows nothing about channels,
money or tests except where the roof composes a page of all three.
"""
