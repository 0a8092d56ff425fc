"""Who did what: one list of all that happened, one thing in full, and taking it back."""
