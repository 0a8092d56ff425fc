"""`make bench`: our figures beside references, measured in one run on one machine. It measures; it does not test."""
