"""Whether a users list is believed where it lacks users (design, section 2). Pure.

A list that Recall answers by mistake, out of an empty cache or another workspace's, looks like any other. So from one
that lacks too many nobody's absence is concluded at once: who is missing is held as it was, until later lists say the
same.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import Enum

MOST_MISSING = 5
"""So many users may be missing from a believed list, or a fifth of all, whichever is more."""
FIFTH = 5
SMALLEST_CUSTOMER = 3
"""A customer with fewer users may go as a whole from one list to the next."""


class Doubt(Enum):
    """Why a list is not believed, and how long users must be missing from lists that are doubted so, to be gone."""

    MANY_MISSING = timedelta(days=1)
    """It is empty, or lacks more than a fifth of the users, and more than five."""
    CUSTOMER_MISSING = timedelta(minutes=5)
    """It lacks every user of a customer that had three or more."""

    def is_over(self, since: datetime | None, read_at: datetime) -> bool:
        """Whether somebody who is missing `since` then is gone by a list that was read at `read_at`."""
        return since is not None and read_at - since >= self.value


def doubt_of(customers: Mapping[int, str | None], missing: Collection[int], *, is_empty: bool) -> Doubt | None:
    """What speaks against a list; None: it is believed.

    `customers` names every user that was listed until now, by the store's number, with its customer; `missing` are
    those of them that the list lacks. Who was deleted here is in neither. `is_empty`: the list holds no user at all.
    """
    if not missing:
        return None
    if is_empty or (len(missing) > MOST_MISSING and len(missing) * FIFTH > len(customers)):
        return Doubt.MANY_MISSING
    before = Counter(customer for customer in customers.values() if customer)
    lost = Counter(customers[user] for user in missing)
    whole = (customer for customer, users in before.items() if lost[customer] == users >= SMALLEST_CUSTOMER)
    return Doubt.CUSTOMER_MISSING if any(whole) else None
