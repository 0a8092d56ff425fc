"""How well meetings are covered: one narrow frame of entries, the meetings they make, and the numbers. Pure."""
