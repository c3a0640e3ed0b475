"""Our own result lines: a JSON array, or one JSON object per line."""
