"""One row of filters above every page of the workspace: the period, the customer, and the rest in a popover.

Filters live in the address and are kept from page to page. The address is read when a page is opened or a link is
followed; after that the widgets decide, and the address follows them. Where a page is opened without any filter in its
address, those chosen last apply: so a period and a customer stay when somebody goes from Coverage to Bots.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.columns import words as words_of
from lib.coverage.period import FIRST_DAY, LAST_DAY
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.ui.widgets.choices import labelled
from lib.ui.widgets.customer_choice import ALL_CUSTOMERS, customer_options, read_customer
from lib.ui.widgets.query_params import read_word, write_word
from lib.ui.words.formats import one_line
from lib.ui.words.scope import ALL, DEFAULT_PERIOD, PERIODS, UNREADABLE, Choice, choice_of, custom_days, word_of

FILTERS = ("period", "from", "to", "customer", "team", "person", "platform", "calendar", "audience", "host")
"""The parameters. `person` is Recall's id of a user; `user` in the address opens one."""
_KEPT = "kept_filters"
MOST_USERS = 1000
"""Users that the list offers: where there are more, a customer must be chosen first."""
_MORE = ("team", "person", "platform", "calendar", "audience", "host")
_EXTERNAL = {"external": "External meetings", "internal": "Internal meetings"}
_HOST = {"user": "The user hosts", "other": "Somebody else hosts"}
PLATFORMS = {
    "zoom": "Zoom",
    "google_meet": "Google Meet",
    "meet": "Google Meet",
    "microsoft_teams": "Microsoft Teams",
    "teams": "Microsoft Teams",
    "microsoft_teams_live": "Teams live event",
    "webex": "Webex",
    "goto_meeting": "GoTo Meeting",
    "google": "Google",
    "microsoft": "Microsoft",
}


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the filters: words in the address -> labels, which are text from outside."""

    customers: dict[str, str]
    teams: Mapping[str, str]
    users: Mapping[str, str]
    """By Recall's id; empty where they are too many to list."""
    platforms: Mapping[str, str]
    calendars: Mapping[str, str]


def report_zone() -> ZoneInfo:
    """The zone whose days make periods and buckets."""
    return ZoneInfo(desk().settings.report_time_zone)


def show_filters(known: WorkspaceSnapshot, page: str) -> Choice:
    """Draw the row for a workspace that has an `as_of`; returns the choice, which the address then holds."""
    as_of, words, zone = known.figures_as_of, _begin(page), report_zone()
    chosen = _Row(page, words)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen.segments("period", "Period", PERIODS, DEFAULT_PERIOD)
        customers = options_of(known, None).customers | customer_options((), words.get("customer"))
        chosen.listed("customer", "Customer", ALL_CUSTOMERS, customers, width=190)
        with st.popover(_popover_words(chosen.more()), icon=":material/filter_list:", key=_key_of(page, "more")):
            _show_more(chosen, options_of(known, chosen.words.get("customer")))
    if chosen.words.get("period") == "custom":
        _show_days(chosen, *custom_days(chosen.words, as_of, zone))
    _settle(chosen.words)
    choice = choice_of(chosen.words, as_of, zone)
    # What the date fields show is always readable, so what the address said is judged before them.
    unreadable = choice_of(words, as_of, zone).problem == UNREADABLE
    for sentence in (UNREADABLE if unreadable else choice.problem, *chosen.unknown):
        if sentence:
            st.warning(sentence, icon=":material/filter_alt_off:")
    return choice


def clear_filters(page: str) -> None:
    """Clear every filter but the period."""
    _change(page, **dict.fromkeys(("customer", *_MORE)))


def options_of(known: WorkspaceSnapshot, customer: str | None) -> Options:
    """What the workspace offers; the users of one customer only, where `customer` is given."""
    return remembered(known, ("options", customer), lambda: _options(known, customer))


class _Row:
    """The widgets, and the words that they put into the address."""

    def __init__(self, page: str, words: Mapping[str, str]):
        self._page = page
        self.words = dict(words)
        self.unknown: list[str] = []

    def more(self) -> int:
        """How many of the filters in the popover are set."""
        return sum(1 for name in _MORE if st.session_state.get(_key_of(self._page, name), self.words.get(name)))

    def segments(self, name: str, label: str, options: Mapping[str, str], default: str) -> None:
        self._seed(name, tuple(options), default)
        picked = st.segmented_control(
            label,
            list(options),
            format_func=options.__getitem__,
            required=True,
            key=_key_of(self._page, name),
            label_visibility="collapsed",
        )
        self._take(name, None if picked == default else picked)

    def listed(
        self,
        name: str,
        label: str,
        everything: str,
        options: Mapping[str, str],
        width: int | str = "stretch",
    ) -> None:
        """A list to choose one from; its first line, `everything`, sets no filter."""
        named = labelled({"": everything, **options})
        self._seed(name, tuple(named), "")
        shown: Any = width
        picked = st.selectbox(
            label,
            list(named),
            format_func=named.__getitem__,
            key=_key_of(self._page, name),
            label_visibility="collapsed",
            width=shown,
        )
        self._take(name, picked or None)

    def day(self, name: str, label: str, shown: date) -> None:
        key = _key_of(self._page, name)
        if key not in st.session_state:
            st.session_state[key] = shown
        last = LAST_DAY - timedelta(days=1)
        picked: Any = st.date_input(label, key=key, min_value=FIRST_DAY, max_value=last, format="YYYY-MM-DD", width=160)
        self._take(name, picked.isoformat() if isinstance(picked, date) else None)

    def _seed(self, name: str, options: tuple[str, ...], default: str) -> None:
        """Have a new widget show what the address asks for; a word that is no option sets no filter."""
        key, asked = _key_of(self._page, name), self.words.get(name, default)
        if asked not in options and key not in st.session_state:
            self.unknown.append(f"The {name} in the address is not known here, so it is left out.")
        if st.session_state.get(key) not in options:
            st.session_state[key] = asked if asked in options else default

    def _take(self, name: str, word: str | None) -> None:
        if word:
            self.words[name] = word
        else:
            self.words.pop(name, None)


def _show_more(row: _Row, options: Options) -> None:
    row.listed("team", "Team", "All teams", options.teams)
    if options.users:
        row.listed("person", "User", "All users", options.users)
    else:
        st.caption("Choose a customer to list its users.")
    row.listed("platform", "Platform", "All meeting platforms", options.platforms)
    row.listed("calendar", "Calendar", "All calendars", options.calendars)
    row.listed("audience", "Internal or external", "Internal and external", _EXTERNAL)
    row.listed("host", "Host", "Any host", _HOST)


def _show_days(row: _Row, first: date, last: date) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        row.day("from", "First day", first)
        row.day("to", "Last day", last)


def platform_words(platform: str) -> str:
    """The common name of a platform; an unknown one as it is."""
    return PLATFORMS.get(platform, one_line(platform))


def _popover_words(set_: int) -> str:
    return f"Filters · {set_}" if set_ else "Filters"


def _options(known: WorkspaceSnapshot, customer: str | None) -> Options:
    theirs = [row for row in known.users if customer is None or word_of(row.customer) == customer]
    users = {} if len(theirs) > MOST_USERS else {row.user.id: one_line(row.user.label) for row in theirs}
    return Options(
        customers=customer_options(row.customer for row in known.users),
        teams={team: one_line(team) for team in sorted({row.team for row in theirs if row.team})},
        users=dict(sorted(users.items(), key=lambda user: user[1].casefold())),
        platforms={name: platform_words(name) for name in sorted(words_of(known.frame, "platform"))},
        calendars={name: platform_words(name) for name in sorted(words_of(known.frame, "calendar"))},
    )


def _key_of(page: str, name: str) -> str:
    """The key of a filter's widget: of its page, so that a widget begins anew wherever the page is opened."""
    return f"{page}_{name}"


def _begin(page: str) -> dict[str, str]:
    """The filters in force before the widgets of `page` are drawn, by parameter; what is missing has its default.

    Where the address decides, the widgets forget what they showed.
    """
    asked = _asked()
    kept: Mapping[str, str] = st.session_state.get(_KEPT, {})
    is_open = _key_of(page, "period") in st.session_state
    if not is_open and not asked:
        asked = dict(kept)
    if not is_open or asked != kept:
        for name in FILTERS:
            st.session_state.pop(_key_of(page, name), None)
    return asked


def _settle(words: Mapping[str, str]) -> None:
    """Put what was chosen into the address, and keep it for the other pages."""
    for name in FILTERS:
        write_word(name, words.get(name))
    st.session_state[_KEPT] = {name: words[name] for name in FILTERS if words.get(name)}


def _change(page: str, **words: str | None) -> None:
    """Change some filters from outside their widgets (None: back to the default), before the next run."""
    now = {**st.session_state.get(_KEPT, {}), **words}
    _settle({name: word for name, word in now.items() if word})
    for name in FILTERS:
        st.session_state.pop(_key_of(page, name), None)


def _asked() -> dict[str, str]:
    words = {name: read_customer() if name == "customer" else read_word(name) for name in FILTERS}
    return {name: word for name, word in words.items() if word and (name, word) != ("customer", ALL)}
