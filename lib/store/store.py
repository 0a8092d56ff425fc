"""The store, opened: transactions to read and to write, and the base URL that it belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from sqlalchemy import Connection, Engine, insert, select

from lib.errors import StoreOfAnotherRecall
from lib.store.database import connect, in_sentences, name_of, require_in_place, writing
from lib.store.schema import require_current
from lib.store.tables.workspace import meta

Transaction: TypeAlias = Connection
"""What `Store.read` and `Store.write` give, and what the functions of this package take."""

_BASE_URL = "recall_base_url"


class Store:
    """An open store. Safe for many threads; a process that forks opens its own. Made by `open_store`."""

    def __init__(self, engine: Engine, *, name: str, recall_base_url: str):
        self.name = name
        self.recall_base_url = recall_base_url
        self._reader = engine
        self._writer = writing(engine)

    def __repr__(self) -> str:
        return f"Store({self.name!r}, recall_base_url={self.recall_base_url!r})"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the store, which cannot be written through. Raises `StoreError`.

        So do both kinds of transaction where the file of the store was deleted or replaced since it was opened.
        """
        with in_sentences(self.name), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it is kept at the end, or none of it after an exception. Raises `StoreError`.

        One writer at a time, PostgreSQL too; others wait up to 5 seconds. Keep it short, and never ask Recall inside.
        """
        with in_sentences(self.name), self._writer.connect() as connection:
            with connection.begin():
                yield connection
            require_in_place(connection)  # else what was kept is in a file that nobody finds again

    def answers(self) -> None:
        """Read from the store, for `/healthz`. Raises `StoreError` with the reason when it cannot be read.

        So does a schema that another version has changed meanwhile.
        """
        with self.read() as connection:
            require_current(connection)
            connection.execute(_of_base_url)

    def close(self) -> None:
        """Close the connections that nobody uses. The store opens new ones when it is asked again."""
        self._reader.dispose()


_of_base_url = select(meta.c.v).where(meta.c.k == _BASE_URL)


def open_store(url: str, *, recall_base_url: str) -> Store:
    """Open the store at `url` (SQLAlchemy's form), which `migrate` has brought up to date.

    The first to open it settles which Recall it belongs to. Raises `StoreOfAnotherRecall` when that was another one,
    `StoreSchemaMismatch` when its schema is not this version's, else `StoreError`.
    """
    engine = connect(url)
    store = Store(engine, name=name_of(url), recall_base_url=recall_base_url)
    try:
        with store.read() as connection:
            require_current(connection)
            belongs_to = connection.scalar(_of_base_url)
        _refuse_another(store, belongs_to or _claim(store))
    except BaseException:
        engine.dispose()
        raise
    return store


def _claim(store: Store) -> str:
    """Write down the base URL unless another process did so meanwhile, and answer the one that is kept."""
    with store.write() as connection:
        found: str | None = connection.scalar(_of_base_url)
        if found is None:
            connection.execute(insert(meta).values(k=_BASE_URL, v=store.recall_base_url))
        return found or store.recall_base_url


def _refuse_another(store: Store, belongs_to: str) -> None:
    if belongs_to != store.recall_base_url:
        raise StoreOfAnotherRecall(
            f"The store {store.name} was filled from {belongs_to}, and now {store.recall_base_url} is set. "
            "Set the first again (RECALL_REGION or RECALL_BASE_URL), "
            "or name another store (DATABASE_URL or DATA_DIR)."
        )
