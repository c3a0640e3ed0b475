"""How does an exported file become health? One verb behind every door, and its undo."""

from integration_health.imports.importing import import_splunk_export
from integration_health.imports.undo import undo_import

__all__ = ["import_splunk_export", "undo_import"]
