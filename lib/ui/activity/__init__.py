"""The Activity page: the audit log as a list, one entry in full, and undo."""
