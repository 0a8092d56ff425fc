"""The store: the only package that knows SQL. SQLite in one file; several processes may use it at once.

`migrate` brings the schema up to date, `open_store` opens it, and the modules of rows (`staff`, `sessions`) hold
the statements. Everything above speaks to these and never writes SQL.
"""

from lib.store.schema import migrate
from lib.store.store import Store, open_store

__all__ = ["Store", "migrate", "open_store"]
