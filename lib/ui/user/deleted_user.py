"""The page of a user whom Recall's list does not hold: deleted here, gone, or never there."""

from datetime import datetime

from lib.bootstrap import desk
from lib.customer.sight import Sight
from lib.store import outbox, users
from lib.store.outbox import WriteKind, WriteState
from lib.ui.user.removal import show_what_was_done
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.query_params import close_user
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import day_and_time, zone_city


def show_gone(user_id: str, sight: Sight) -> None:
    """Who is missing, why as far as it is known, and the way back."""
    show_what_was_done(user_id)
    title, why = _told(user_id, sight)
    show_empty(title, why, ":material/person_off:", act="See all users", on_click=close_user)


def _told(user_id: str, sight: Sight) -> tuple[str, str]:
    with desk().store.read() as connection:
        found = users.find(connection, user_id)
        row = found if found and sight.sees(found.customer) else None
        asked = outbox.of_target(connection, WriteKind.DELETE_USER, user_id, None) if row else ()
    deleted = next((change for change in asked if change.state is WriteState.APPLIED), None)
    if deleted is not None:
        return (
            "This user was deleted",
            f"It was deleted here, {_when(deleted.made_at)}. Activity says by whom. "
            "The figures of its past meetings stay.",
        )
    if row is not None and row.vanished_at is not None:
        return (
            "This user is gone",
            f"Recall's list has not held it since {_when(row.vanished_at)}: it was deleted elsewhere.",
        )
    return (
        "Nobody is found at this address",
        "Recall's list does not hold this user: the link is old, or the user was deleted.",
    )


def _when(moment: datetime) -> str:
    zone = viewer_zone()
    return f"{day_and_time(moment, zone)} ({zone_city(zone)})"
