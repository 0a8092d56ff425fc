"""Numbers, times, ages and names as people read them. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

NOTHING = "—"
_DOMAIN_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?!www\.){_DOMAIN_LABEL}(?:\.{_DOMAIN_LABEL}){{1,4}}", re.ASCII)
_LONGEST_DOMAIN = 60


def count(number: int) -> str:
    """1204 -> "1,204"."""
    return f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: plural(1, "user") -> "1 user", plural(3, "user") -> "3 users"."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def fraction(part: int, whole: int) -> str:
    """ "1,204 of 1,686": stands beside every rate."""
    return f"{count(part)} of {count(whole)}"


def percent(value: float | None) -> str:
    """0.714 -> "71.4%"; None (nothing to divide by) -> "no data"."""
    return "no data" if value is None else f"{value:.1%}"


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """ "Sun 22 Nov, 15:00" in `zone`. The zone is named once, in the head of the column or page."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b, %H:%M}"


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """ "14:05" in `zone`."""
    return f"{moment.astimezone(zone):%H:%M}"


def age(span: timedelta) -> str:
    """How long ago, in the largest unit alone: "just now", "4 min ago", "3 h ago", "2 days ago"."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    if seconds < 2 * 86400:
        return f"{seconds // 3600} h ago"
    return f"{seconds // 86400} days ago"


def duration(span: timedelta) -> str:
    """How long something lasted, in two units at most: "8 s", "2 min 10 s", "20 min", "1 h 5 min", "2 days 3 h"."""
    seconds = max(0, round(span.total_seconds()))
    for size, name, below, rest in _UNITS:
        if seconds >= size:
            whole, part = divmod(round(seconds / below), size // below)
            first = plural(whole, "day") if name == "day" else f"{whole} {name}"
            return f"{first} {part} {rest}" if part else first
    return f"{seconds} s"


_UNITS = ((86400, "day", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s"))


def loss(number: int) -> str:
    """What falls out of a list, with a true minus: 284 -> "−284"."""
    return f"−{count(number)}"


def about(number: float) -> str:
    """An estimate: 13.6 -> "about 14"."""
    return f"about {count(round(number))}"


def short_day(day: date) -> str:
    """ "16 Nov"."""
    return f"{day.day} {day:%b}"


def day_range(first: date, last: date) -> str:
    """ "23 Oct to 22 Nov 2026": both days included."""
    year = "" if first.year == last.year else f" {first.year}"
    return (
        f"{short_day(last)} {last.year}"
        if first == last
        else f"{short_day(first)}{year} to {short_day(last)} {last.year}"
    )


def zone_city(zone: ZoneInfo) -> str:
    """The short name people know a zone by: Europe/Berlin -> "Berlin", UTC -> "UTC"."""
    return zone.key.rsplit("/", 1)[-1].replace("_", " ")


def one_line(text: str | None, longest: int = 200) -> str:
    """Outside text made fit for one cell: control characters and line breaks become spaces, its length is capped."""
    printable = "".join(c if c.isprintable() else " " for c in text or "")
    flat = " ".join(printable.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def told_apart(words: Iterable[str]) -> list[str]:
    """The words made unique: the second "Ann" is "Ann (2)". Lists and charts know what they show by its label."""
    found, times = dict[str, None](), Counter[str]()
    for word in words:
        each = word
        while each in found:
            times[word] += 1
            each = f"{word} ({times[word] + 1})"
        found[each] = None
    return list(found)


def sayable(name: object) -> str | None:
    """The name, if it is a plain domain such as "acme.example" that may stand in a sentence of Markdown; else None.

    A domain that begins with "www." is left out, because Markdown would make a link of it.
    """
    return name if isinstance(name, str) and len(name) <= _LONGEST_DOMAIN and _DOMAIN.fullmatch(name) else None
