"""Every write to Recall goes through here: the right to do it is checked, it is sent once, and it is read back."""
