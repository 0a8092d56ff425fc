"""What the page says of dry runs and of changes of many users. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from lib.commands.bulk import BulkPlan, SkipReason
from lib.domain import Preferences
from lib.store.batches import Batch, BatchState, ItemState
from lib.store.outbox import Value
from lib.ui.user.presets import preset_words
from lib.ui.words.formats import count, duration, fraction, plural
from lib.writes.intent import preferences_of

ITEM_CHIPS = {
    ItemState.APPLIED: "✓ Changed",
    ItemState.WAITING: "→ Waiting",
    ItemState.LEFT_OUT: "– Left as is",
    ItemState.NOT_APPLIED: "! Not changed",
    ItemState.UNKNOWN: "? Not known",
}
CHIPS = ("✓ Changed", "→ Waiting", "– Left as is", "! Not changed", "▲", "? Not known")
"""In the order of the outcome colours; the fifth is not used."""
STATE_WORDS = {
    BatchState.PLANNED: "Not begun",
    BatchState.RUNNING: "At work",
    BatchState.STOPPED: "Stopped",
    BatchState.DONE: "Done",
}
_STAYING = {
    SkipReason.SAME: ("is set so already", "are set so already"),
    SkipReason.OWN: ("keeps its own settings", "keep their own settings"),
    SkipReason.NO_ID: ("has no external id", "have no external id"),
    SkipReason.GONE: ("is not listed any more", "are not listed any more"),
}
SETTLED = timedelta(seconds=3)
"""From when on a guess at the time left is worth saying."""


def flags_words(flags: Mapping[str, bool]) -> str:
    """The preset's name, or "Custom"."""
    return preset_words(Preferences(**{name: bool(on) for name, on in flags.items()}))  # type: ignore[arg-type]


def value_words(value: Value | None) -> str:
    """What an item of a batch had, or is to have."""
    return "erased" if value is None else preset_words(preferences_of(value))


def key_sentence(plan: BulkPlan) -> str:
    """ "**212 of 230 users change.** In the next 14 days ...". Our words and numbers alone."""
    changing = len(plan.changing)
    if not changing:
        return f"**Nothing would change** for {plural(len(plan.lines), 'user')}.{_staying(plan)}"
    meetings = (
        f"In the next 14 days **{count(plan.gains)} more** meetings will be recorded "
        f"and **{count(plan.losses)} fewer**."
        if plan.gains or plan.losses
        else "In the next 14 days no meeting is gained or lost."
    )
    verb = "changes" if changing == 1 else "change"
    return f"**{fraction(changing, len(plan.lines))} users {verb}.** {meetings}{_staying(plan)}"


def confirm_words(plan: BulkPlan) -> str:
    """What the button says that begins it."""
    if not plan.changing:
        return "Nothing to change"
    return f"Change {plural(len(plan.changing), 'user')}: {count(plan.gains)} more, {count(plan.losses)} fewer"


def progress_sentence(batch: Batch, state: BatchState, now: datetime) -> str:
    """ "212 of 500 done, 3 failed. About 1 min left. You can leave this page." """
    done, total = progress_of(batch)
    failed = batch.counts.get(ItemState.NOT_APPLIED, 0)
    first = f"{fraction(done, total)} done{f', {count(failed)} failed' if failed else ''}."
    if state is not BatchState.RUNNING:
        return first if state is BatchState.DONE else f"{first} {STATE_WORDS[state]}."
    left = _left(batch, now)
    return f"{first} {f'About {duration(left)} left. ' if left is not None else ''}You can leave this page."


def progress_of(batch: Batch) -> tuple[int, int]:
    """(gone through, all) of those to whom something is to be done."""
    total = sum(batch.counts.values()) - batch.counts.get(ItemState.LEFT_OUT, 0)
    return total - batch.counts.get(ItemState.WAITING, 0), total


def result_sentence(batch: Batch) -> str:
    """How a batch stands, in numbers."""
    of = batch.counts
    parts = [f"**{plural(of.get(ItemState.APPLIED, 0), 'user')} changed and read back.**"]
    if failed := of.get(ItemState.NOT_APPLIED, 0):
        parts.append(f"{plural(failed, 'user')} could not be changed; the table says why.")
    if unknown := of.get(ItemState.UNKNOWN, 0):
        parts.append(f"Of {plural(unknown, 'user')} nobody knows yet: do not repeat it, the next sync looks it up.")
    if left := of.get(ItemState.LEFT_OUT, 0):
        parts.append(f"{plural(left, 'user')} {'was' if left == 1 else 'were'} left as they are.")
    if waiting := of.get(ItemState.WAITING, 0):
        parts.append(f"{plural(waiting, 'user')} {'waits' if waiting == 1 else 'wait'}.")
    return " ".join(parts)


def _staying(plan: BulkPlan) -> str:
    numbers = {why: plan.staying(why) for why in _STAYING}
    told = [f"{count(n)} {_STAYING[why][0 if n == 1 else 1]}" for why, n in numbers.items() if n]
    return f" {', '.join(told)}." if told else ""


def _left(batch: Batch, now: datetime) -> timedelta | None:
    """How long the rest takes at the pace so far; None while too little is known."""
    begun = batch.plan.get("begun_at")
    done, total = progress_of(batch)
    done_now = done - int(batch.plan.get("done_before", 0))
    if not begun or done_now <= 0 or (since := now - datetime.fromisoformat(begun)) < SETTLED:
        return None
    seconds = since.total_seconds() / done_now * (total - done)
    return timedelta(seconds=60 * round(seconds / 60) if seconds > 90 else round(seconds))
