"""What all pages share: formats, charts, components, preferences. Knows no app."""
