"""Changes of many users, as far as somebody may look at them: as a whole, or not at all."""

from lib.customer.sight import Sight
from lib.store import Transaction, batches
from lib.store.batches import Batch


def find_batch(connection: Transaction, key: int, sight: Sight) -> Batch | None:
    """The change of many users of that number; None where there is none, or it has users whom `sight` does not see."""
    return None if batches.reaching_beyond(connection, [key], sight) else batches.find(connection, key)


def recent_batches(connection: Transaction, sight: Sight, *, limit: int) -> tuple[Batch, ...]:
    """The last ones, newest first: of at most `limit` those that reach no further than `sight`."""
    found = batches.recent(connection, limit=limit)
    beyond = batches.reaching_beyond(connection, [each.key for each in found], sight)
    return tuple(each for each in found if each.key not in beyond)
