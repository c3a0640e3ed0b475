"""Figures to take away: the same tables as CSV, XLSX and PDF."""
