"""What did failures cost, and what did quality work protect?

This app owns the assumptions (sealed, versioned) and the calculation that turns counted
failures into money, term by term. It reads ``integration_health`` and refuses to know
about tests.
"""
