"""The sample quarter: a story one can find in 90 days of four channels.

It belongs to the roof: it feeds every app through the same verbs as real data, and is
the same to the byte for the same end.
"""
