"""The Bots page: what became of the bots, one bot's life, and what is there twice."""
