"""The dashboard in a real browser. A package, so that chromium and the servers end with its last test."""
