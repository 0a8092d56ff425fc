"""The page on which the preferences of many users are changed, and the standards of customers kept."""
