"""Is the money right? A world where every lost stay is known, against the estimate."""
