"""What staff decide about a batch: begin, stop, resume, retry, undo. Each looks up the right anew, and all but stop
need a password typed a moment ago.

Nothing is sent here: `lib.commands.bulk.run` carries out what is planned.
"""

from collections.abc import Callable

from lib.commands.bulk.batch_lease import is_worked_at
from lib.commands.bulk.plan import BulkPlan
from lib.commands.bulk.runner import reconcile
from lib.customer.sight import Sight
from lib.errors import InvalidChange
from lib.staff import accounts, sessions
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import Transaction, batches
from lib.store.batches import Batch, BatchState, ItemState, NewBatchItem
from lib.store.outbox import WriteKind
from lib.writes import WriteContext
from lib.writes.intent import preferences_value

LONGEST_WHY = 500


def begin(context: WriteContext, member: StaffMember, plan: BulkPlan, *, why: str | None = None) -> int:
    """Record a dry run that was looked at as a batch, and return its number. The same dry run twice is one batch.

    Raises `NotPermitted`, `ProofNeeded`, or `InvalidChange` where nothing would be done.
    """
    member.require(Permission.PREFERENCES_WRITE)
    if not plan.changing:
        raise InvalidChange("Nothing would change for anybody, so there is nothing to begin.")
    items = [
        NewBatchItem(
            line.user.id, preferences_value(line.old), preferences_value(line.new), line.skipped and line.skipped.value
        )
        for line in plan.lines
    ]
    names = ("keep", "mark", "gains", "losses")
    what = {"flags": dict(plan.flags)} | {name: getattr(plan, name) for name in names}
    with context.store.write() as connection:
        whom = [line.user.id for line in plan.lines]
        accounts.require_now(connection, member.name, Permission.PREFERENCES_WRITE, user_ids=whom)
        sessions.require_proof(connection, member, now=context.now())
        if (known := _known(connection, lambda each: each.plan.get("mark") == plan.mark)) is not None:
            return known.key
        return batches.plan(
            connection,
            WriteKind.PREFERENCES,
            items,
            actor=member.name,
            now=context.now(),
            why=(why or "").strip()[:LONGEST_WHY] or None,
            what=what,
        )


def stop(context: WriteContext, member: StaffMember, key: int) -> None:
    """Send no more of a batch. What is in flight ends; the rest can be resumed later. Raises `NotPermitted`."""
    member.require(Permission.PREFERENCES_WRITE)
    with context.store.write() as connection:
        now = accounts.require_now(connection, member.name, Permission.PREFERENCES_WRITE)
        batch = _found(connection, key, now.sight)
        if batch.state in (BatchState.RUNNING, BatchState.PLANNED):
            batches.set_state(connection, key, BatchState.STOPPED, now=context.now())
            batches.note(connection, key, stopped=f"{member.name} stopped it.")


def resume(context: WriteContext, member: StaffMember, key: int) -> int:
    """Make a stopped batch ready for its rest; returns how many users wait.

    Raises `NotPermitted`, `ProofNeeded`, or `InvalidChange` while it runs.
    """
    member.require(Permission.PREFERENCES_WRITE)
    return _ready(context, member, key, lambda _: None)


def retry(context: WriteContext, member: StaffMember, key: int) -> int:
    """Make a stopped batch ready for its rest, with the users whose write was not applied. Raises as `resume` does."""
    member.require(Permission.PREFERENCES_WRITE)
    return _ready(context, member, key, lambda connection: batches.try_again(connection, key))


def undo(context: WriteContext, member: StaffMember, key: int) -> int:
    """Plan another batch that puts back what all users had to whom batch `key` was applied; returns its number.

    A second undo of a batch is the first one. Raises `NotPermitted`, `ProofNeeded`, or `InvalidChange` where nothing
    can be undone or the batch runs.
    """
    member.require(Permission.PREFERENCES_WRITE)
    with context.store.write() as connection:
        now = accounts.require_now(connection, member.name, Permission.PREFERENCES_WRITE)
        sessions.require_proof(connection, member, now=context.now())
        batch = _at_rest(connection, context, key, now.sight)
        if (known := _known(connection, lambda each: each.undoes == key)) is not None:
            return known.key
        reconcile(connection, key)
        items = [
            NewBatchItem(item.user_id, item.after, item.before)
            for item in batches.items(connection, key, state=ItemState.APPLIED)
            if item.before is not None and item.after is not None
        ]
        if not items:
            raise InvalidChange("Nothing of this was applied, so there is nothing to undo.")
        words = f"Takes back change {key} of many users."
        return batches.plan(
            connection, batch.kind, items, actor=member.name, now=context.now(), why=words, what={}, undoes=key
        )


def _ready(context: WriteContext, member: StaffMember, key: int, prepare: Callable[[Transaction], object]) -> int:
    with context.store.write() as connection:
        now = accounts.require_now(connection, member.name, Permission.PREFERENCES_WRITE)
        sessions.require_proof(connection, member, now=context.now())
        _at_rest(connection, context, key, now.sight)
        reconcile(connection, key)
        prepare(connection)
        waiting = len(batches.items(connection, key, state=ItemState.WAITING))
        if not waiting:
            raise InvalidChange("Nobody waits in this change any more, so there is nothing to do.")
        batches.set_state(connection, key, BatchState.PLANNED, now=context.now())
    return waiting


def _at_rest(connection: Transaction, context: WriteContext, key: int, sight: Sight) -> Batch:
    batch = _found(connection, key, sight)
    if is_worked_at(connection, batch, context):
        raise InvalidChange(
            f"Change {key} of many users is at work still. Wait for its end, or stop it and wait a moment."
        )
    return batch


def _found(connection: Transaction, key: int, sight: Sight) -> Batch:
    """The batch; one that reaches beyond `sight` is treated as missing."""
    batch = batches.find(connection, key)
    is_beyond = bool(batches.reaching_beyond(connection, [key], sight))
    if batch is None or batch.kind is not WriteKind.PREFERENCES or is_beyond:
        raise InvalidChange(f"There is no change {key} of many users in the record.")
    return batch


def _known(connection: Transaction, wanted: Callable[[Batch], bool]) -> Batch | None:
    """The newest of the recent batches that fits."""
    return next((each for each in batches.recent(connection) if wanted(each)), None)
