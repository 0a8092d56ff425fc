"""The Bots page: the outcomes of bots, one bot from booking to recording, and duplicates."""
