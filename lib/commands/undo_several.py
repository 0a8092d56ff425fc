"""Take several changes of one user back at once: each as another change, all of them with one look before and after."""

from collections.abc import Sequence

from lib.clock import Clock, utc_now
from lib.commands.overrides import fits
from lib.commands.undo import problem_with_undo
from lib.errors import InvalidChange
from lib.recall_api import Recall
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.store import Store, Transaction, entries, outbox, users
from lib.writes import Means, Order, Progress, Result, carry_out


def take_back(
    store: Store,
    recall: Recall,
    member: StaffMember,
    seqs: Sequence[int],
    *,
    why: str | None = None,
    clock: Clock = utc_now,
    progress: Progress | None = None,
) -> tuple[Result, ...]:
    """Put back what was there before each of these changes of one user; a result for each, in their order.

    What was set to something else since is not touched, and neither is what needs a reason and has none; their results
    say so. Raises `InvalidChange` where one cannot be taken back at all, or they are of several users, and what
    `lib.writes.carry_out` raises: then nothing was changed.
    """
    means = Means(store, recall, clock)
    with store.read() as connection:
        orders = [_order(connection, member, seq, why) for seq in seqs]
    if len({order.user.id for order in orders}) > 1:
        raise InvalidChange("These are changes of several users. Take back those of one user at a time.")
    return carry_out(means, member.name, orders, check=fits(means), progress=progress)


def _order(connection: Transaction, member: StaffMember, seq: int, why: str | None) -> Order:
    change = outbox.find(connection, seq)
    row = users.find(connection, change.user_id) if change else None
    sight = accounts.sight_now(connection, member.name)
    if change is None or row is None or not sight.sees(row.customer):
        raise InvalidChange("There is no such change in the record.")
    if problem := problem_with_undo(change):
        raise InvalidChange(problem)
    stored = entries.with_id(connection, change.user_id, change.entry_id) if change.entry_id else None
    return Order(
        change.kind,
        row.user,
        before=change.after or {},
        after=change.before or {},
        entry_id=change.entry_id,
        starts_at=stored.entry.start_time if stored else None,  # many are then looked at with one question
        why=why,
        undoes=seq,
    )
