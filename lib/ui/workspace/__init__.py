"""What the pages of the whole workspace share: its age and progress, filters in the address, rows behind a figure."""
