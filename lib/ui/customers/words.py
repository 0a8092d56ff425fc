"""The sentences of the Customers page, in our own words; names from outside only where they are plain. Pure."""

from collections.abc import Mapping, Sequence

from lib.coverage.misses import Misses
from lib.domain import PREFERENCE_FLAGS, Preferences
from lib.queries.customer_summary import PERIOD_DAYS, CustomerSummary
from lib.recording.presets import FLAG_LABELS
from lib.ui.words.basis import misses_words
from lib.ui.words.formats import plural, sayable

MOST_NAMED = 3


def key_sentence(rows: Sequence[CustomerSummary], lost: Mapping[str | None, int]) -> str:
    """ "2 customers need you today. acme.example lost 3 calendars; ..." `lost` counts calendars lost recently."""
    needy = [row for row in rows if row.name is not None and (row.soon or lost.get(row.name))]
    if not needy:
        return (
            "**No customer needs you today.** No calendar was lost in the last 7 days, "
            "and every external meeting in the next 24 hours has a bot booked, apart from those switched off."
        )
    first = sorted(needy, key=lambda row: -(row.soon + lost.get(row.name, 0)))
    told = [(name, row) for row in first if (name := sayable(row.name))][:MOST_NAMED]
    parts = [f"{name} {_need(row, lost.get(row.name, 0))}" for name, row in told]
    if len(needy) > len(told):
        parts.append(_rest(len(needy) - len(told), bool(told)))
    needs = "needs" if len(needy) == 1 else "need"
    return f"**{plural(len(needy), 'customer')} {needs} you today.** {'; '.join(parts)}."


def _need(row: CustomerSummary, lost: int) -> str:
    calendars = f"lost {plural(lost, 'calendar')}" if lost else ""
    ahead = f"has {plural(row.soon, 'external meeting')} in the next 24 hours that nobody will record"
    meetings = ahead if row.soon else ""
    return " and ".join(part for part in (calendars, meetings) if part)


def _rest(customers: int, others_are_named: bool) -> str:
    whose = f"{plural(customers, 'other')}" if others_are_named else "They"
    return f"{whose} lost calendars or have external meetings that nobody will record: see the table"


def rules_words(before: Preferences | None, after: Preferences | None) -> str:
    """What changed between two sets of rules: "External meetings switched off". Bot names are not quoted."""
    if before is None or after is None:
        return "Rules set for the first time" if after else "Rules removed"
    changed = [
        f"{FLAG_LABELS[flag]} switched {'on' if getattr(after, flag) else 'off'}"
        for flag in PREFERENCE_FLAGS
        if getattr(before, flag) != getattr(after, flag)
    ]
    if before.bot_name != after.bot_name:
        changed.append("bot name changed" if changed else "Bot name changed")
    return ", ".join([*changed[:1], *(each[0].lower() + each[1:] for each in changed[1:])]) or "Rules changed"


def customer_sentence(name: str | None, misses: Misses, held: int, first_seen: str = "") -> str:
    """What matters about one customer: "143 meetings were missed at acme.example in the last 30 days. ..."

    `first_seen` is when the rules were first seen that reasons are inferred by.
    """
    is_nobodys, plain, total = name is None, sayable(name), misses.total
    at = f" at {plain}" if plain else ""
    if not held:
        return f"**No meeting was held{at} in the last {PERIOD_DAYS} days**, as far as its connected calendars tell."
    if not total:
        return f"**Nothing is missed{at}.** All {plural(held, 'meeting')} of the last {PERIOD_DAYS} days were recorded."
    whose = "Customers" if is_nobodys else "The customer"
    were = "was" if total == 1 else "were"
    first = f"{plural(total, 'meeting')} {were} missed{at} in the last {PERIOD_DAYS} days."
    return f"**{first}** {misses_words(misses, whose, first_seen)}"
