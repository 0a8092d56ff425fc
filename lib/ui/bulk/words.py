"""Sentences and labels of the page for dry runs and changes of many users. Pure."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from lib.commands.bulk import BulkPlan, SkipReason
from lib.domain import Preferences
from lib.recording.presets import preset_words
from lib.store.batches import Batch, BatchState, ItemState
from lib.store.outbox import Value
from lib.ui.words.formats import count, duration, fraction, plural
from lib.writes.intent import preferences_of

ITEM_WORDS = {
    ItemState.APPLIED: "✓ Changed",
    ItemState.WAITING: "→ Waiting",
    ItemState.LEFT_OUT: "– Unchanged",
    ItemState.NOT_APPLIED: "! Not changed",
    ItemState.UNKNOWN: "? Not known",
}
ITEM_CHIPS = ("✓ Changed", "→ Waiting", "– Unchanged", "! Not changed", "▲", "? Not known")
"""In the order of the outcome colours; the fifth is not used."""
STATE_WORDS = {
    BatchState.PLANNED: "Not started",
    BatchState.RUNNING: "Running",
    BatchState.STOPPED: "Stopped",
    BatchState.DONE: "Done",
}
_SKIPPED = {
    SkipReason.SAME: ("is already set", "are already set"),
    SkipReason.OWN: ("keeps its own settings", "keep their own settings"),
    SkipReason.NO_ID: ("has no external id", "have no external id"),
    SkipReason.GONE: ("is no longer listed", "are no longer listed"),
}
ESTIMATE_AFTER = timedelta(seconds=3)
"""An estimate of the time left is not worth showing before."""


def flags_words(flags: Mapping[str, bool]) -> str:
    """The preset's name, or "Custom"."""
    return preset_words(Preferences(**{name: bool(on) for name, on in flags.items()}))  # type: ignore[arg-type]


def batch_title(batch: Batch) -> str:
    """ "2: undo of change 1", or "1: External meetings"."""
    what = flags_words(batch.plan.get("flags", {})) if batch.undoes is None else f"undo of change {batch.undoes}"
    return f"{batch.key}: {what}"


def value_words(value: Value | None) -> str:
    """The preset that a user had before a change, or has after it; "erased" where the record was erased."""
    return "erased" if value is None else preset_words(preferences_of(value))


def key_sentence(plan: BulkPlan) -> str:
    """ "**212 of 230 users change.** In the next 14 days ..." Our own words and numbers only."""
    changing = len(plan.changing)
    if not changing:
        return f"**Nothing would change** for {plural(len(plan.lines), 'user')}.{_skipped_words(plan)}"
    meetings = (
        f"In the next 14 days **{count(plan.gains)} more** meetings will be recorded "
        f"and **{count(plan.losses)} fewer**."
        if plan.gains or plan.losses
        else "In the next 14 days no meeting is gained or lost."
    )
    verb = "changes" if changing == 1 else "change"
    return f"**{fraction(changing, len(plan.lines))} users {verb}.** {meetings}{_skipped_words(plan)}"


def confirm_words(plan: BulkPlan) -> str:
    """The label of the button that starts the change."""
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
    """(processed, total), without the users who are left unchanged."""
    total = sum(batch.counts.values()) - batch.counts.get(ItemState.LEFT_OUT, 0)
    return total - batch.counts.get(ItemState.WAITING, 0), total


def result_sentence(batch: Batch) -> str:
    """The outcome of a batch in numbers."""
    counts = Counter(batch.counts)
    applied, failed, left = counts[ItemState.APPLIED], counts[ItemState.NOT_APPLIED], counts[ItemState.LEFT_OUT]
    unknown, waiting = plural(counts[ItemState.UNKNOWN], "user"), counts[ItemState.WAITING]
    told = {
        ItemState.APPLIED: f"**{plural(applied, 'user')} changed and read back.**",
        ItemState.NOT_APPLIED: f"{plural(failed, 'user')} could not be changed; the table says why.",
        ItemState.UNKNOWN: f"The outcome for {unknown} is not known yet: do not repeat it, the next sync checks.",
        ItemState.LEFT_OUT: f"{plural(left, 'user')} {'was' if left == 1 else 'were'} left unchanged.",
        ItemState.WAITING: f"{plural(waiting, 'user')} {'is' if waiting == 1 else 'are'} waiting.",
    }
    return " ".join(words for state, words in told.items() if counts[state] or state is ItemState.APPLIED)


def _skipped_words(plan: BulkPlan) -> str:
    numbers = {why: plan.count_skipped(why) for why in _SKIPPED}
    told = [f"{count(n)} {_SKIPPED[why][0 if n == 1 else 1]}" for why, n in numbers.items() if n]
    return f" {', '.join(told)}." if told else ""


def _left(batch: Batch, now: datetime) -> timedelta | None:
    """How long the rest takes at the pace so far; None while that cannot be estimated."""
    begun = batch.plan.get("begun_at")
    done, total = progress_of(batch)
    done_now = done - int(batch.plan.get("done_before", 0))
    if not begun or done_now <= 0 or (since := now - datetime.fromisoformat(begun)) < ESTIMATE_AFTER:
        return None
    seconds = since.total_seconds() / done_now * (total - done)
    return timedelta(seconds=60 * round(seconds / 60) if seconds > 90 else round(seconds))
