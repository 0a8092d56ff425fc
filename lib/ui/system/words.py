"""What the System page says. Pure."""

from datetime import datetime

from lib.queries.system import Run, SystemState
from lib.store.passes import PassState
from lib.ui.words.formats import NOTHING, age, count, plural
from lib.ui.words.odd_rows import odd_words

_MEGABYTE = 1_000_000


def key_sentence(found: SystemState, now: datetime) -> str:
    """What matters most: whether the figures are kept up to date, who could not be read, what Recall has closed."""
    return f"**{_of_sync(found, now)}** {_of_users(found)} {_of_limits(found)}"


def run_words(run: Run) -> str:
    """Why it was cut off, else why users could not be read, and what was odd in the lists of users and bots."""
    if run.of.problem:
        return run.of.problem
    told = [f"{count(number)}: {why}" for why, number in run.unread]
    resumed = [f"Taken up again {plural(run.of.resumed, 'time')}."] if run.of.resumed else []
    return " ".join([*resumed, *_unlisted(run), *told, *_odd(run, "users"), *_odd(run, "bots")]) or NOTHING


def _unlisted(run: Run) -> list[str]:
    number = run.of.counts.get("users_unlisted", 0)
    return [f"Recall's list lacked {plural(number, 'user')}, which is doubted."] if number else []


def _odd(run: Run, list_: str) -> list[str]:
    """Of a list of Recall's, in this pass."""
    counts = run.of.counts
    told = odd_words(counts.get(f"{list_}_unreadable", 0), counts.get(f"{list_}_odd", 0))
    return [f"List of {list_}: {told}"] if told else []


def megabytes(size: int) -> str:
    """ "12.4 MB"."""
    return f"{size / _MEGABYTE:,.1f} MB"


def _of_sync(found: SystemState, now: datetime) -> str:
    if not found.runs:
        return "The sync has not started yet."
    newest = found.runs[0].of
    if newest.state is PassState.RUNNING:
        return "The sync is running." if found.at_work else "The sync was cut off in the middle of a pass."
    ended = f" ({age(now - newest.ended_at)})" if newest.ended_at else ""
    how = "was complete" if newest.state is PassState.COMPLETE else "did not finish"
    return f"The last pass{ended} {how}."


def _of_users(found: SystemState) -> str:
    unread, unlisted = len(found.unread), len(found.unlisted)
    told = [f"{plural(unread, 'user')} could not be read."] if unread else []
    told += [f"{plural(unlisted, 'user')} {'was' if unlisted == 1 else 'were'} not listed."] if unlisted else []
    return " ".join(told) or "Every user could be read."


def _of_limits(found: SystemState) -> str:
    closed = sum(1 for budget in found.budgets if budget.closed_until)
    return f"Recall has closed {plural(closed, 'limit')} for now." if closed else "Recall's limits are open."
