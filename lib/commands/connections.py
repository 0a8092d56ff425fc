"""Disconnect one calendar of a user, and delete a user: what cannot be taken back, so the name is typed."""

from lib.clock import Clock, utc_now
from lib.domain import CalendarUser
from lib.errors import InvalidChange
from lib.recall_api import Recall
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.store import Store, Transaction
from lib.store.outbox import WriteKind
from lib.writes import Intent, Progress, WriteContext, WriteResult, carry_out


def name_to_type(user: CalendarUser) -> str:
    """What must be typed before a calendar of `user` is disconnected, or the user is deleted."""
    return user.label


def disconnect(
    store: Store,
    recall: Recall,
    member: StaffMember,
    user: CalendarUser,
    platform: str,
    typed: str,
    *,
    why: str | None = None,
    clock: Clock = utc_now,
    progress: Progress | None = None,
) -> WriteResult:
    """Disconnect google or microsoft; the user, its preferences and the other calendar stay (contract 3.6).

    Raises `InvalidChange` when what was typed is not the user's name, `ProofNeeded` unless `member` typed their
    password a moment ago, what `lib.writes.carry_out` raises, or a `RecallError`; nothing was changed then.
    """
    _require_typed(user, typed)
    connected, not_connected = ({"platform": platform, "connected": on} for on in (True, False))
    intent = Intent(WriteKind.DISCONNECT, user, connected, not_connected, why=why)
    result = _carried_out(WriteContext(store, recall, clock), member, intent, progress)
    return result.or_raised()


def delete_user(
    store: Store,
    recall: Recall,
    member: StaffMember,
    user: CalendarUser,
    typed: str,
    *,
    why: str | None = None,
    clock: Clock = utc_now,
    progress: Progress | None = None,
) -> WriteResult:
    """Delete the user and disconnect all its calendars (contract 3.5). Raises as `disconnect` does."""
    _require_typed(user, typed)
    intent = Intent(WriteKind.DELETE_USER, user, {"listed": True}, {"listed": False}, why=why)
    result = _carried_out(WriteContext(store, recall, clock), member, intent, progress)
    return result.or_raised()


def _carried_out(context: WriteContext, member: StaffMember, intent: Intent, progress: Progress | None) -> WriteResult:
    def proven(connection: Transaction) -> None:
        sessions.require_proof(connection, member, now=context.now())

    [result] = carry_out(context, member.name, [intent], progress=progress, precondition=proven)
    return result


def _require_typed(user: CalendarUser, typed: str) -> None:
    if typed.strip() != name_to_type(user).strip():
        raise InvalidChange("What was typed is not the name of this user. Nothing was sent; type it as it is shown.")
