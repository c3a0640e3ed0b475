"""What does the service measure about itself? Counted in Redis, summed over all processes.

Web and worker processes come and go, on one machine or several; counts kept in the server
they share outlive them and add up, with no file of their own to lose or to clean.
"""
