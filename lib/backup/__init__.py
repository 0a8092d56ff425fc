"""`python -m lib.backup`: the store into a file, and back."""
