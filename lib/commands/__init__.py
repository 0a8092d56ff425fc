"""Commands: what staff can do. Each checks the right where it is done; every write to Recall goes through here."""
