"""Set overrides: record, don't record, or follow the rules, for one meeting, a selection, or a series."""

from collections.abc import Sequence

from lib.clock import Clock, utc_now
from lib.domain import CalendarUser, Entry
from lib.errors import InvalidChange
from lib.recall_api import Recall
from lib.recording.overrides import plan_override, problem_with_reason
from lib.staff.accounts import StaffMember
from lib.store import Store
from lib.store.outbox import WriteKind
from lib.writes import Intent, Progress, WriteContext, WriteResult, carry_out
from lib.writes.carry_out import Check
from lib.writes.current import CurrentState
from lib.writes.intent import override_value


def set_overrides(
    store: Store,
    recall: Recall,
    member: StaffMember,
    user: CalendarUser,
    shown: Sequence[Entry],
    wanted: bool | None,
    *,
    why: str | None = None,
    clock: Clock = utc_now,
    progress: Progress | None = None,
) -> tuple[WriteResult, ...]:
    """Give each of `shown`, entries of `user` as `member` saw them, the override `wanted`; a result for each.

    An entry that cannot be recorded whatever is chosen, that changed meanwhile, or that needs a reason and has none, is
    left as it is, and its result says why. So it is with what Recall refuses; the others are done. Null is not false:
    it hands the entry back to the rules (contract 3.9).

    Raises what `lib.writes.carry_out` raises: then nothing was changed.
    """
    intents = {
        entry.id: Intent(
            WriteKind.OVERRIDE,
            user,
            override_value(entry.override_should_record),
            override_value(wanted),
            entry_id=entry.id,
            starts_at=entry.start_time,
            why=why,
        )
        for entry in shown
    }
    context = WriteContext(store, recall, clock)
    results = carry_out(context, member.name, list(intents.values()), check=fits(context), progress=progress)
    ended = dict(zip(intents, results, strict=True))
    return tuple(ended[entry.id] for entry in shown)


def fits(context: WriteContext) -> Check:
    """Whether an override may be set on an entry as Recall has it now, which may not be as it was shown."""

    def check(intent: Intent, seen: CurrentState) -> None:
        if seen.entry is None:
            return
        plan = plan_override(seen.entry, intent.after["override_should_record"], context.now())
        if plan.problem:
            raise InvalidChange(plan.problem)
        if plan.needs_reason and problem_with_reason(intent.why):
            raise InvalidChange(plan.needs_reason)

    return check
