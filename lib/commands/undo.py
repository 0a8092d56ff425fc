"""Take a change back: another change, which puts back what was there before."""

from lib.clock import Clock, utc_now
from lib.commands.overrides import fits
from lib.errors import InvalidChange
from lib.recall_api import Recall
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import Store, outbox, users
from lib.store.outbox import Change, Kind, State
from lib.writes import Means, Order, Progress, Result, carry_out
from lib.writes.intent import PERMISSION

UNDOABLE = (Kind.PREFERENCES, Kind.OVERRIDE)


def problem_with_undo(change: Change) -> str | None:
    """Why a change cannot be taken back, as a sentence, or None."""
    if change.kind not in UNDOABLE:
        return "This cannot be taken back from here: the calendar must be connected again by its owner."
    if change.state is not State.APPLIED:
        return "Only what was applied can be taken back."
    if change.before is None or change.after is None:
        return "The user was deleted, and what was set before was erased."
    return None


def undo_needs_reason(change: Change) -> bool:
    """Whether a reason must be typed: taking a "Don't record" back lifts it."""
    return change.kind is Kind.OVERRIDE and (change.after or {}).get("override_should_record") is False


def undo(
    store: Store,
    recall: Recall,
    member: StaffMember,
    seq: int,
    *,
    why: str | None = None,
    clock: Clock = utc_now,
    progress: Progress | None = None,
) -> Result:
    """Put back what was there before the change `seq`, as another change. A second undo of it sends nothing.

    Raises `InvalidChange` for a change that cannot be taken back, or without the reason it needs, `ChangedMeanwhile`
    where something else was set since, what `lib.writes.carry_out` raises, or a `RecallError`; nothing was changed
    then.
    """
    order = _order(store, member, seq, why)
    means = Means(store, recall, clock)
    [result] = carry_out(means, member.name, [order], check=fits(means), progress=progress)
    return result.or_raised()


def _permission(change: Change | None) -> Permission:
    return Permission.ACTIVITY_READ if change is None else PERMISSION[change.kind]


def _order(store: Store, member: StaffMember, seq: int, why: str | None) -> Order:
    with store.read() as connection:
        change = outbox.find(connection, seq)
        row = users.find(connection, change.user_id) if change else None
        asker = accounts.require_now(connection, member.name, _permission(change))
    if change is None or row is None or not asker.sight.sees(row.customer):
        raise InvalidChange("There is no such change in the record.")
    if problem := problem_with_undo(change):
        raise InvalidChange(problem)
    before, after = change.after or {}, change.before or {}
    return Order(change.kind, row.user, before, after, entry_id=change.entry_id, why=why, undoes=seq)
