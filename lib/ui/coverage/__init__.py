"""The Coverage page: how well meetings are covered, where they are lost, why, and what is at risk."""
