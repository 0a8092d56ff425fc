"""Disconnect one calendar of a user, or delete a user. Neither can be undone, so the user's name must be typed."""

from lib.domain import CalendarUser
from lib.errors import InvalidChange
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.store import Transaction
from lib.store.outbox import WriteKind
from lib.writes import Intent, Progress, WriteContext, WriteResult, carry_out


def name_to_type(user: CalendarUser) -> str:
    """What must be typed before a calendar of `user` is disconnected, or the user is deleted."""
    return user.label


def disconnect(
    context: WriteContext,
    member: StaffMember,
    user: CalendarUser,
    platform: str,
    typed: str,
    *,
    why: str | None = None,
    progress: Progress | None = None,
) -> WriteResult:
    """Disconnect google or microsoft; the user, its preferences and the other calendar stay (contract 3.6).

    Raises `InvalidChange` when `typed` is not the user's name, `ProofNeeded` unless `member` typed their password a
    moment ago, what `lib.writes.carry_out` raises, or a `RecallError`; nothing was changed then.
    """
    connected, not_connected = ({"platform": platform, "connected": on} for on in (True, False))
    intent = Intent(WriteKind.DISCONNECT, user, connected, not_connected, why=why)
    return _carry_out(context, member, intent, typed, progress)


def delete_user(
    context: WriteContext,
    member: StaffMember,
    user: CalendarUser,
    typed: str,
    *,
    why: str | None = None,
    progress: Progress | None = None,
) -> WriteResult:
    """Delete the user and disconnect all its calendars (contract 3.5). Raises as `disconnect` does."""
    intent = Intent(WriteKind.DELETE_USER, user, {"listed": True}, {"listed": False}, why=why)
    return _carry_out(context, member, intent, typed, progress)


def _carry_out(
    context: WriteContext, member: StaffMember, intent: Intent, typed: str, progress: Progress | None
) -> WriteResult:
    if typed.strip() != name_to_type(intent.user).strip():
        raise InvalidChange("What was typed is not the name of this user. Nothing was sent; type it as it is shown.")

    def require_proof(connection: Transaction) -> None:
        sessions.require_proof(connection, member, now=context.now())

    [result] = carry_out(context, member.name, [intent], progress=progress, precondition=require_proof)
    return result.or_raised()
