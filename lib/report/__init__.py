"""The numbers without a browser: `python -m lib.report` prints what the Coverage page shows, from the same code."""
