"""Recall -> store: passes over the workspace, resumable and within Recall's limits, and the read of one user."""
