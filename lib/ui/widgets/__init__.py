"""Widgets that all pages use: the page head, filters, tables, buttons, downloads, messages."""
