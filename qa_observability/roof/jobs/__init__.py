"""Do the background jobs run? Their state, and the page that shows it."""
