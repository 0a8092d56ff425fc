"""Calendar users: find one, then one user in one place."""
