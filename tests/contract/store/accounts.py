"""Staff accounts as the simplest thing that can be written to a store and read back."""

from lib.store import Store
from lib.store import staff as rows
from tests.contract.store.making import NOON


def add(store: Store, name: str) -> None:
    with store.write() as connection:
        rows.add(connection, rows.StaffRow(name, "Ada", "viewer", "hash-of-it", True, NOON, NOON, NOON))


def names(store: Store) -> set[str]:
    with store.read() as connection:
        return {row.name for row in rows.everyone(connection)}
