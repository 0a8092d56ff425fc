"""Signing in and out, the session, and who is looking."""
