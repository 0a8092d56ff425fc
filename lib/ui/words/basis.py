"""The basis of reasons, in words: every sentence about meetings that were not watched. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from lib.coverage.inferred_reasons import RuleAgreement, UnknownCause
from lib.coverage.misses import Misses
from lib.coverage.period import Period
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis, Confidence, Owner, Reason
from lib.ui.words.formats import count, fraction, percent, short_day

MARK = "~"
"""Stands before a reason that is inferred, and before a count that holds one."""
IN_TABLES = "~ by the rules first seen: the meeting was not watched yet."
HATCHED = "Hatched: not watched yet."
FIRST_DAYS_FOR = 7
"""How many days after the first complete pass a workspace is new."""
_PERIOD, _KEPT = timedelta(days=30), 60
COLUMN = "Basis"
"""The head of the column in files."""
UNSEEN = "We did not see this meeting before it started."
UNSEEN_KEY = "not_seen_before_start"
"""The reason of those that nobody watched and that the rules first seen do not explain."""
UNEXPLAINED = "Not seen before it started: the rules first seen do not explain these. Open one to see why not."


def marked(words: str, basis: Basis) -> str:
    """ "~ Internal meetings are off" where it is inferred."""
    return f"{MARK} {words}" if basis is Basis.INFERRED else words


def counted(number: int, inferred: int) -> str:
    """ "~118": a count, some of which rests on the rules first seen."""
    return f"{MARK}{count(number)}" if inferred else count(number)


def when_seen(first_seen: Iterable[datetime], zone: ZoneInfo) -> str:
    """ "on 26 Oct", or "from 26 Oct on" where the users were not all first seen on one day; empty of nobody."""
    days = sorted({moment.astimezone(zone).date() for moment in first_seen})
    if not days:
        return ""
    return f"on {short_day(days[0])}" if len(days) == 1 else f"from {short_day(days[0])} on"


def legend(when: str) -> str:
    """The line of a chart's legend: "~ by the rules first seen, on 26 Oct"."""
    return f"{MARK} by the rules first seen{f', {when}' if when else ''}"


def agreement_words(agreement: RuleAgreement) -> str:
    """How well the rules first seen agree with what happened; empty where they can be held against nothing."""
    if not agreement.judged:
        return ""
    share = percent(agreement.agreed / agreement.judged)
    return (
        "The rules first seen agree with what happened in "
        f"{fraction(agreement.agreed, agreement.judged)} meetings before we watched ({share})."
    )


def misses_words(misses: Misses, whose: str, when: str) -> str:
    """Who can fix how many of the misses: "Customers can fix ~213, we or Recall must fix 56, ..." `whose` can fix what
    is fixable; `when` the rules were first seen."""

    def part(outcome: Outcome) -> str:
        return counted(misses.by_outcome.get(outcome, 0), misses.inferred.get(outcome, 0))

    off = misses.by_outcome.get(Outcome.OFF_BY_CHOICE, 0)
    parts = [
        f"{whose} can fix {part(Outcome.FIXABLE)}",
        f"we or Recall must fix {part(Outcome.TECHNICAL)}",
        f"{part(Outcome.OFF_BY_CHOICE)} {'was' if off == 1 else 'were'} off by choice",
    ]
    if misses.by_outcome.get(Outcome.UNKNOWN):
        parts.append(f"for {part(Outcome.UNKNOWN)} the cause is unknown")
    told = f"{', '.join(parts[:-1])}, and {parts[-1]}."
    return " ".join(filter(None, (told, inferred_words(misses.by_rules, when))))


def inferred_words(inferred: int, when: str) -> str:
    """Of how many of the meetings that were just told the cause is inferred; empty where of none."""
    seen = f", {when}" if when else ""
    number = f"{MARK}{count(inferred)}"
    return f"The cause is inferred for {number} of them by the rules first seen{seen}." if inferred else ""


def by_first_rules_words(reason: Reason, first_seen: date) -> str:
    """Why one meeting was missed, where that is inferred."""
    return f"{UNSEEN} By the rules first seen, on {short_day(first_seen)}: {reason.clause}."


def unknown_words(why: UnknownCause, first_bot: date | None) -> str:
    """Why one meeting has no cause; `first_bot` is the day of its user's first meeting with a bot."""
    if why is UnknownCause.BEFORE_FIRST_BOT and first_bot:
        return f"{UNSEEN} It was before this user's first bot, {short_day(first_bot)}: perhaps not connected yet."
    return f"{UNSEEN} {_WHY_UNKNOWN[why]}"


_WHY_UNKNOWN = {
    UnknownCause.NO: "The cause is unknown.",
    UnknownCause.NOT_EXCLUDED: "The rules first seen do not exclude it, so the cause is unknown.",
    UnknownCause.BEFORE_FIRST_BOT: "No bot was ever sent for this user: perhaps not connected yet.",
    UnknownCause.CONTRADICTED: (
        "The rules first seen exclude it, but another meeting of this user that they exclude had a bot then. "
        "So other rules applied, and the cause is unknown."
    ),
    UnknownCause.NOT_BORNE_OUT: (
        "The rules first seen exclude it, but they agree with too few of this customer's meetings of that time, "
        "so the cause is unknown."
    ),
}


def how_sure(reason: Reason | None, confidence: Confidence | None, basis: Basis) -> str:
    """How sure we are of a reason, in words; empty without one."""
    if reason is None or confidence is None:
        return ""
    if basis is Basis.INFERRED:
        return "Inferred by the rules first seen"
    return "Not known (not seen before it started)" if reason.key == UNSEEN_KEY else confidence.label


def who_can(reason: Reason | None, owner: Owner | None) -> str:
    """Who can fix it, in words; empty without a reason. Of what nobody knows the cause, nobody knows that either."""
    if reason is not None and reason.key == UNSEEN_KEY:
        return "Not known"
    return owner.label if owner else ""


def basis_cell(reason: Reason | None, basis: Basis) -> str:
    """What stands in the column `COLUMN` of a file."""
    return str(basis) if reason else ""


def first_days_words(began: date) -> str:
    """What is there at once in a new workspace, what is inferred, and what fills up when."""
    return (
        f"Watched since {short_day(began)}. Here from the start: meetings and bots of the last {_KEPT} days. "
        f"Why earlier meetings got no bot is inferred ({MARK}). From {short_day(began)} on it is seen, as are changes "
        f"of rules and lost calendars; figures of 30 days rest on that alone from {short_day(began + _PERIOD)}."
    )


def early_rates_words(began: date, *, dotted: bool = False) -> str:
    """What Reach and Delivery mean before the first complete pass; `dotted` where their lines are."""
    before = "Dotted: before" if dotted else "Before"
    return (
        f"{before} the first sync, on {short_day(began)}, Reach and Delivery rest on bots alone. What was asked for "
        "and got no bot is not known, so Reach is too low and Delivery too high. Coverage is not affected."
    )


def first_sync(known: WorkspaceSnapshot, zone: tzinfo) -> date | None:
    """The day from which meetings are watched; None before the first complete pass."""
    return known.first_complete_at.astimezone(zone).date() if known.first_complete_at else None


def unwatched_until(known: WorkspaceSnapshot, period: Period, zone: tzinfo) -> date | None:
    """The day of the first complete pass, where a period begins before it; else None."""
    began = known.first_complete_at
    return first_sync(known, zone) if began is not None and period.from_ < began else None
