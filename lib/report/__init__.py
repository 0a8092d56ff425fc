"""The numbers of the Coverage page without a browser."""
