"""How each number of the page is counted, and the whole page as one table to download."""

from zoneinfo import ZoneInfo

from lib.coverage.grid import COLUMNS
from lib.coverage.numbers import Upcoming
from lib.coverage.rates import Rate
from lib.coverage.scope import Dimension
from lib.export import Cell, Table
from lib.queries.coverage_figures import CoverageFigures, outcomes_by_week
from lib.ui.coverage.figures import change_words
from lib.ui.widgets.definitions import LOWER_BOUND, Definition
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.page_head import Shown
from lib.ui.words.basis import COLUMN, agreement_words
from lib.ui.words.formats import count, fraction, percent, plural

HEADS = ("Part", "Name", "Meetings", "Of", "Share", "Change", COLUMN)


def intro(shown: Shown) -> str:
    """What applies to all definitions."""
    return (
        f"Meetings that start {shown.choice.in_words}, in days of {report_zone().key}, as the last complete pass saw "
        "them. A meeting is the calendar entries of one customer that share their iCal id and start; a user without a "
        f"customer counts alone. {LOWER_BOUND}"
    )


def definitions(found: CoverageFigures, coming: Upcoming, days: int) -> tuple[Definition, ...]:
    """What each number means, with the current numbers. `coming` counts the meetings of the next `days`."""
    numbers, misses = found.numbers, found.misses
    ended, ahead = numbers.ended, plural(days, "day")
    entries = f"{count(ended.meetings)} meetings, which are {count(ended.entries)} calendar entries"
    left_out = f"{count(ended.recordable)} − {count(ended.unsettled)} − {count(ended.did_not_happen)}"
    return (
        Definition("Ended", "started, and the latest end of its entries is past", f"{entries}."),
        Definition(
            "Recordable",
            "has a link to join and does not last all day; every rate counts these alone",
            f"{count(ended.recordable)} of {count(ended.meetings)}.",
        ),
        Definition(
            "Held",
            "recordable, less unsettled (what became of the bot is not known yet), less those that did not happen "
            "(every bot met nobody)",
            f"{left_out} = {count(ended.held)}.",
        ),
        Definition(
            "Asked for",
            "held, and booked or set to be recorded when last seen before its start; one never seen before its start "
            "by its bot alone",
            _n(ended.asked),
        ),
        Definition(
            "Recorded",
            "held, and a bot recorded; in part and empty recordings count",
            f"{count(ended.recorded)}, of which {count(ended.partial)} in part and {count(ended.empty)} empty.",
        ),
        Definition("Coverage", "recorded / held = Reach × Delivery", _rate(ended.coverage)),
        Definition("Reach", "asked for / held: how wide the rules are", _rate(ended.reach)),
        Definition("Delivery", "recorded / asked for: how well the bots do what the rules ask", _rate(ended.delivery)),
        Definition(
            "Missed",
            "held − recorded; each has one reason, that of its entry that got furthest",
            f"{count(ended.held)} − {count(ended.recorded)} = {count(ended.missed)}.",
        ),
        Definition(
            "Can act on",
            "missed − off by choice: for a reason that somebody can act on, or whose cause is unknown",
            f"{count(ended.missed)} − {count(misses.total - misses.actionable)} = {count(misses.actionable)}.",
        ),
        Definition(
            "Inferred (~)",
            "missed, without a bot and never seen before its start; its reason is what the rules first seen give, "
            "where nothing that happened then speaks against them. No rate changes by it",
            f"{fraction(misses.by_rules, misses.total)}. {agreement_words(found.agreement)}",
        ),
        Definition("Planned", f"Recall will record / recordable, in the next {ahead}", _rate(coming.planned)),
        Definition("Booked", f"a bot is booked / Recall will record, in the next {ahead}", _rate(coming.booked_rate)),
        Definition("Without a start", "in no period, and counted apart", _n(numbers.without_start)),
    )


def page_table(shown: Shown, found: CoverageFigures, zone: ZoneInfo) -> Table:
    """The rates, the funnel, the reasons and the weeks as one table, with the filters. Times are in `zone`."""
    ended, before = found.numbers.ended, found.before.ended
    as_of = shown.as_of.astimezone(zone)
    rows: list[tuple[Cell, ...]] = [
        ("Shown", "As of", None, None, f"{as_of:%Y-%m-%d %H:%M} ({zone.key})", None),
        ("Shown", "Days", None, None, shown.choice.days, None),
        ("Shown", "Filters", None, None, _filters(shown), None),
    ]
    rates = (("Coverage", ended.coverage, before.coverage), ("Reach", ended.reach, before.reach))
    for name, now, earlier in (*rates, ("Delivery", ended.delivery, before.delivery)):
        rows.append(("Rates", name, now.numerator, now.denominator, now.value, change_words(now, earlier)))
    rows += [("Funnel", s.name, -s.count if s.is_loss else s.count, None, None, None) for s in found.steps]
    rows += [("Missed for", r.reason.label, r.meetings, ended.missed, None, None, str(r.basis)) for r in found.reasons]
    for week in outcomes_by_week(shown.selection):
        rows += [
            (f"From {week.start.isoformat()}", each.label, week.counts[each], None, None, None) for each in COLUMNS
        ]
    return Table(HEADS, [(*row, *(None,) * (len(HEADS) - len(row))) for row in rows])


def _filters(shown: Shown) -> str:
    wanted = shown.choice.scope.wanted
    return "; ".join(_filter(dimension, name) for dimension, name in wanted.items()) or "none"


def _rate(rate: Rate) -> str:
    return f"{fraction(rate.numerator, rate.denominator)}: {percent(rate.value)}."


def _n(number: int) -> str:
    return f"{count(number)}."


def _filter(dimension: Dimension, name: str | None) -> str:
    return f"without a {dimension.value}" if name is None else f"{dimension.value}: {name}"
