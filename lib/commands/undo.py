"""Undo changes of one user: each by another change, which puts back what was there before."""

from collections.abc import Sequence

from lib.commands.overrides import fits
from lib.errors import InvalidChange
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import Transaction, entries, outbox, users
from lib.store.outbox import Write, WriteKind, WriteState
from lib.writes import PERMISSION, Intent, Progress, WriteContext, WriteResult, carry_out

UNDOABLE = (WriteKind.PREFERENCES, WriteKind.OVERRIDE)


def problem_with_undo(change: Write) -> str | None:
    """Why a change cannot be undone, as a sentence, or None."""
    if change.kind not in UNDOABLE:
        return "This cannot be undone from here: the calendar must be connected again by its owner."
    if change.state is not WriteState.APPLIED:
        return "Only an applied change can be undone."
    if change.before is None or change.after is None:
        return "The user was deleted, and what was set before was erased."
    return None


def undo_needs_reason(change: Write) -> bool:
    """Whether a reason must be typed: undoing a "Don't record" lifts it."""
    return change.kind is WriteKind.OVERRIDE and (change.after or {}).get("override_should_record") is False


def undo(
    context: WriteContext,
    member: StaffMember,
    seqs: Sequence[int],
    *,
    why: str | None = None,
    progress: Progress | None = None,
) -> tuple[WriteResult, ...]:
    """Undo the changes with these numbers, all of one user; a result for each, in their order.

    A setting that was changed again since is not touched, and neither is one whose undo needs a reason and has none;
    the result's `problem` says so. Undoing a change a second time sends nothing. Raises `InvalidChange` where one of
    the changes cannot be undone at all, or they are of several users, and what `lib.writes.carry_out` raises; nothing
    was changed then.
    """
    with context.store.read() as connection:
        intents = [_intent(connection, member, seq, why) for seq in seqs]
    if len({intent.user.id for intent in intents}) > 1:
        raise InvalidChange("These are changes of several users. Take back those of one user at a time.")
    return carry_out(context, member.name, intents, check=fits(context), progress=progress)


def _intent(connection: Transaction, member: StaffMember, seq: int, why: str | None) -> Intent:
    change = outbox.find(connection, seq)
    row = users.find(connection, change.user_id) if change else None
    needed = PERMISSION[change.kind] if change else Permission.ACTIVITY_READ
    asker = accounts.require_now(connection, member.name, needed)
    if change is None or row is None or not asker.sight.sees(row.customer):
        raise InvalidChange("There is no such change in the record.")
    if problem := problem_with_undo(change):
        raise InvalidChange(problem)
    stored = entries.with_id(connection, change.user_id, change.entry_id) if change.entry_id else None
    return Intent(
        change.kind,
        row.user,
        before=change.after or {},
        after=change.before or {},
        entry_id=change.entry_id,
        starts_at=stored.entry.start_time if stored else None,
        why=why,
        undoes=seq,
    )
