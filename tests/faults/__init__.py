"""Faults (docs/FAULTS.md), each over real sockets."""
