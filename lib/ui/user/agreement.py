"""How far our estimate and Recall's decisions have agreed, over all saves of preferences: said where one is made."""

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.store import agreements
from lib.ui.words.formats import count, percent


def estimate_words() -> str:
    """What stands under every estimate, with the figure once there is one."""
    return f"Our estimate. Recall decides; after saving, its answer stands beside it{_agreed()}."


def _agreed() -> str:
    try:
        with desk().store.read() as connection:
            found = agreements.of_all(connection)
    except StoreError:  # the page above says so
        return ""
    if not found.judged:
        return ""
    return f" (they agreed for {percent(found.share)} of {count(found.judged)} meetings)"
