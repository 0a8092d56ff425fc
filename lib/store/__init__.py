"""The store: the only package that knows SQL. SQLite in one file, or PostgreSQL; several processes may use it at once.

`migrate` brings the schema up to date, `open_store` opens it, and the other modules hold the statements, one idea each.
Their functions take the `Connection` of a transaction (`Store.read`, `Store.write`), so that several of them can make
one. Everything above speaks to these and never writes SQL.

- `staff`, `sessions`, `sign_in_locks`: accounts and their last visits, who is signed in, wrong passwords.
- `users_list` brings a users list in, `meetings` one user's meetings (compared with what is there by `diff`), `bots`
  what became of the bots; all of them write what changed and nothing else. `users` and `entries` answer, `frame_rows`
  streams to frames, `observations` tells what was seen to change, `contests` whose entries are whose.
- `outbox`: what was asked of Recall, and how it ended; `batches`: many users at once. `events`: what else happened.
  `audit_log`: all of it in one order.
- `assignments`, `standards`, `bot_configs`: what staff keep of customers and of the workspace's bots.
- `links`: links by which calendars are connected, and what came of them; `new_users`: those asked for on purpose.
- `verdicts`: what entries were judged to be. `privacy`: erasing. `version`: how new it all is.
- `passes`, `leases`, `budgets`: how processes share the work of reading. `reads`: when each user was last read, by its
  own row and by the passes, which keep whom they tried. `freshness`, `totals`: the state of the store.
- `tables`, `columns`, `rows`: the tables, what they are declared with, and how rows are asked for and written.
"""

from lib.store.schema import migrate
from lib.store.store import Store, Transaction, open_store

__all__ = ["Store", "Transaction", "migrate", "open_store"]
