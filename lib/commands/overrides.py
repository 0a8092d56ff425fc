"""Set overrides: record, don't record, or follow the rules, for one meeting, a selection, or a series."""

from collections.abc import Sequence

from lib.domain import CalendarUser, Entry
from lib.errors import InvalidChange
from lib.recording.overrides import plan_override, problem_with_reason
from lib.staff.accounts import StaffMember
from lib.store.outbox import WriteKind
from lib.writes import Intent, Progress, WriteContext, WriteResult, carry_out
from lib.writes.carry_out import Check
from lib.writes.current import CurrentState
from lib.writes.intent import override_value


def set_overrides(
    context: WriteContext,
    member: StaffMember,
    user: CalendarUser,
    shown: Sequence[Entry],
    wanted: bool | None,
    *,
    why: str | None = None,
    progress: Progress | None = None,
) -> tuple[WriteResult, ...]:
    """Give each of `shown`, entries of `user` as `member` was shown them, the override `wanted`; a result for each.

    An entry that can never be recorded, that changed meanwhile, that needs a reason and has none, or that Recall
    refuses, is left as it is; its result says why, and the others are done. None is not False: it hands the entry back
    to the rules (contract 3.9).

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
    results = carry_out(context, member.name, list(intents.values()), check=fits(context), progress=progress)
    ended = dict(zip(intents, results, strict=True))
    return tuple(ended[entry.id] for entry in shown)


def fits(context: WriteContext) -> Check:
    """A check whether an override may be set on an entry as Recall has it now, which may differ from what was shown."""

    def check(intent: Intent, seen: CurrentState) -> None:
        if seen.entry is None:
            return
        plan = plan_override(seen.entry, intent.after["override_should_record"], context.now())
        if plan.problem:
            raise InvalidChange(plan.problem)
        if plan.needs_reason and problem_with_reason(intent.why):
            raise InvalidChange(plan.needs_reason)

    return check
