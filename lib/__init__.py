"""Coverage Desk: everything behind the pages. ARCHITECTURE.md says which package may import which."""
