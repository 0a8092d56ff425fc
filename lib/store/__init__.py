"""The store: the only package that knows SQL. SQLite in one file, or PostgreSQL; several processes may use it at once.

`migrate` brings the schema up to date, `open_store` opens it, and the other modules hold the statements, one idea each.
Their functions take the `Connection` of a transaction (`Store.read`, `Store.write`), so that several of them can make
one. Everything above speaks to these and never writes SQL.

- `staff`, `sessions`: accounts and who is signed in.
- `users_list` brings a users list in, `meetings` one user's meetings, `bots` what became of the bots; all of them write
  what changed and nothing else. `users` and `entries` answer, `narrow` streams to frames, `observations` tells what was
  seen to change.
- `assignments`: what uploaded CSVs say of users and customers. `looked`: when each staff member last looked.
- `links`: links by which calendars are connected, and what came of them; `new_users`: those asked for on purpose.
- `changes`: what was asked of Recall, and how it ended; `batches`: many users at once.
- `judgement`: what entries were judged to be. `privacy`: erasing. `version`: how new it all is.
- `passes`, `leases`, `budgets`: how processes share the work of reading. `reads`: when each user was last read, by its
  own row and by the passes, which keep whom they tried as `ranges`. `pulse`: how the store stands.
"""

from lib.store.schema import migrate
from lib.store.store import Store, Transaction, open_store

__all__ = ["Store", "Transaction", "migrate", "open_store"]
