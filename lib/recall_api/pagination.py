"""Lists in every shape they may come in: an array, or pages that name the next one (contract 3.2).

A `next` is an address from outside, which may name an alias of the host, or http (contract N15). It is followed only
within the same list; of it nothing but its query is used, on the host that was asked.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

MOST_PAGES = 1000
MOST_EMPTY_PAGES = 3
"""So many empty pages in a row, each naming another, are taken for a circle."""

Contents = tuple[list[Any], Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page as they came. `complete` is False on the last one when more was named but not followed."""

    rows: list[Any]
    complete: bool = True


def pages(fetch: Callable[[str], Contents], path: str, query: str = "") -> Iterator[Page]:
    """The pages of the list at `path`. `fetch` answers the contents of one page for a percent-encoded query.

    Ends at the last page, or before with a page that is not complete: at a `next` that leads elsewhere or was seen
    before, after `MOST_EMPTY_PAGES` empty ones, or after `MOST_PAGES`.
    """
    seen, empty = {query}, 0
    for number in range(1, MOST_PAGES + 1):
        rows, following = fetch(query)
        empty = 0 if rows else empty + 1
        if following is None:
            yield Page(rows)
            return
        query = _query_within(path, following) or ""
        reason = _reason_to_stop(query, seen, empty, number)
        if reason:
            log.warning("a list of Recall's was left at page %d: %s", number, reason)
            yield Page(rows, complete=False)
            return
        yield Page(rows)
        seen.add(query)


def contents(body: Any) -> Contents | None:
    """The rows of one page and the address of the next, which is None on the last; None for any other shape."""
    if isinstance(body, list):
        return body, None
    if isinstance(body, dict) and isinstance(body.get("results"), list):
        return body["results"], body.get("next") or None
    return None


def _query_within(path: str, following: Any) -> str | None:
    """The query of `following` if it leads to `path`, whatever host and scheme it names."""
    if not isinstance(following, str):
        return None
    try:
        there = urlsplit(following)
    except ValueError:
        return None
    return there.query if there.path == path and _is_plain(there.query) else None


def _is_plain(query: str) -> bool:
    return query.isascii() and query.isprintable() and " " not in query


def _reason_to_stop(query: str, seen: set[str], empty: int, number: int) -> str:
    if not query:
        return "its next page is not part of it"
    if query in seen:
        return "its next page was read before"
    if empty >= MOST_EMPTY_PAGES:
        return "its pages are empty"
    return "it has too many pages" if number == MOST_PAGES else ""
