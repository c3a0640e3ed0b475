"""What others may ask of channel health: frozen answers for pages, API and siblings."""
