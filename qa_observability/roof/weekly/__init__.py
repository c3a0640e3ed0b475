"""The weekly report: composed here from all apps, kept and sent by revenue."""
