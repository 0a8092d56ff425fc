"""What staff change, in a browser: a half of the browser tests, for another worker than the rest."""
