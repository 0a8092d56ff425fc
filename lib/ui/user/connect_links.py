"""Connect links of one user: make one, see it once, and see what came of those made so far."""

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.connect_links import ConnectLink, make_link
from lib.domain import CalendarUser
from lib.errors import DeskError, SettingsError
from lib.recall_api.oauth import PROVIDERS, oauth_flow
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.store import links
from lib.store.links import Link
from lib.ui.server.streamlit_internals import ColumnConfig
from lib.ui.sign_in.access import acting
from lib.ui.user.calendar_health import platform_name
from lib.ui.user.link_words import STATE_CHIPS, STATE_WORDS, account_words, text_to_send
from lib.ui.widgets.notices import show_problem
from lib.ui.widgets.tables import chip_column, show_plain_table, starts_column, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import NOTHING, one_line, plural

SHOWN_FOR = timedelta(minutes=15)
"""How long a link stays on the page of who made it, should they not put it away."""
TWICE_WITHIN = timedelta(seconds=5)
"""A second click so soon is the same wish."""
_LINKS, _PROBLEM = "connect_links", "connect_problem"


def show_connecting(user: CalendarUser, member: StaffMember) -> None:
    """Buttons for those who may, the link just made, and the links made so far."""
    with desk().store.read() as connection:
        made = links.of_user(connection, user.id)
    st.subheader("Connect a calendar", anchor=False)
    if member.may(Permission.CONNECTIONS_WRITE):
        _offer_links(user)
        _show_made(user, made)
    else:
        needed = role_needed_for(Permission.CONNECTIONS_WRITE).title()
        st.info(f"Making a link needs the role {needed}. Ask an admin.", icon=":material/lock:")
    _show_links(made)


def _offer_links(user: CalendarUser) -> None:
    missing = {platform: _missing(platform) for platform in PROVIDERS}
    _warn_of_other_accounts(user, [platform for platform, why in missing.items() if why is None])
    with st.container(horizontal=True):
        for platform, why in missing.items():
            st.button(
                f"Create {platform_name(platform)} link",
                icon=":material/add_link:",
                on_click=_make,
                args=(user, platform),
                disabled=why is not None or not user.external_id,
                key=f"make_link_{platform}",
            )
    for why in missing.values():
        if why is not None:
            st.caption(why)
    if not user.external_id:
        st.caption("Recall lists this user without an external id, so no link can be made.")
    elif desk().settings.public_url is None and desk().settings.region is not None:
        st.caption(
            "PUBLIC_URL is not set: the link ends on a page of Recall's, and Google's review asks for our address."
        )
    if problem := st.session_state.get(_PROBLEM, {}).get(user.id):
        show_problem(problem)


def _missing(platform: str) -> str | None:
    """Which setting is missing for links of a platform, as a sentence, or None."""
    try:
        oauth_flow(desk().settings, platform)
    except SettingsError as problem:
        return str(problem)
    return None


def _warn_of_other_accounts(user: CalendarUser, platforms: Sequence[str]) -> None:
    known = [(c.platform, c.email) for c in user.connections if c.email and c.platform in platforms]
    if not known:
        return
    st.warning(
        "A link can connect any account. The same account again keeps everything. **Another account wipes the bots, "
        "the meetings and what was set by hand of the one before.** So far it is:",
        icon=":material/warning:",
    )
    for platform, email in known:
        st.text(f"{platform_name(platform)}: {one_line(email)}")


def _make(user: CalendarUser, platform: str) -> None:
    """A click is answered before the page's own guard is: who clicks is asked anew."""
    if (member := acting(Permission.CONNECTIONS_WRITE)) is None:
        return
    made = st.session_state.setdefault(_LINKS, {})
    problems = st.session_state.setdefault(_PROBLEM, {})
    before = made.get((user.id, platform))
    if before and utc_now() - before.made_at < TWICE_WITHIN:
        return
    problems.pop(user.id, None)
    try:
        made[user.id, platform] = make_link(desk().store, desk().recall, desk().settings, member, user, platform)
    except DeskError as problem:
        problems[user.id] = problem


def _show_made(user: CalendarUser, made: Sequence[Link]) -> None:
    """The links this browser session has made for the user, until they worked, are put away or shown long enough.

    Nothing can show them again.
    """
    waiting = {link.number for link in made if link.connected_at is None and utc_now() - link.made_at < SHOWN_FOR}
    kept: dict[tuple[str, str], ConnectLink] = st.session_state.get(_LINKS, {})
    for key in [key for key, link in kept.items() if key[0] != user.id or link.number not in waiting]:
        del kept[key]
    for link in kept.values():
        _show_link(user, link)


def _show_link(user: CalendarUser, link: ConnectLink) -> None:
    name, url = platform_name(link.platform), link.url.get_secret_value()
    with st.container(border=True):
        st.markdown(f":material/add_link: **A {name} link, shown this once.** Send it to this user and to nobody else.")
        st.caption("The text to send. The button at its corner copies it.")
        st.code(text_to_send(name, url, link.expires_at, viewer_zone()), language=None, wrap_lines=True)
        st.caption(
            "Whoever has the link can connect a calendar to this user: keep it out of tickets and channels. "
            "What came of it stands below, once Recall shows the calendar."
        )
        st.button("Put it away", type="tertiary", on_click=_put_away, args=(user.id, link.platform), key=f"away_{name}")


def _put_away(user_id: str, platform: str) -> None:
    st.session_state.get(_LINKS, {}).pop((user_id, platform), None)


def _show_links(made: Sequence[Link]) -> None:
    st.subheader("Links made", anchor=False)
    if not made:
        st.caption("None yet.")
        return
    _warn_of_what_was_replaced(made[0])
    show_plain_table(_frame(made), _columns(), alt=f"{plural(len(made), 'link')} made, newest first")


def _warn_of_what_was_replaced(newest: Link) -> None:
    if newest.replaced:
        st.warning(
            "The last link connected another account than the one before: Recall dropped the bots, the meetings and "
            "what was set by hand of the one before.",
            icon=":material/swap_horiz:",
        )


def _frame(made: Sequence[Link]) -> pd.DataFrame:
    now = utc_now()
    return pd.DataFrame(
        {
            "made": [link.made_at for link in made],
            "state": [[STATE_WORDS[link.state(now)]] for link in made],
            "platform": [platform_name(link.platform) for link in made],
            "account": [account_words(link) for link in made],
            "replaced": [one_line(link.replaced) or NOTHING for link in made],
            "by": [link.by for link in made],
            "expires": [link.expires_at for link in made],
        }
    )


def _columns() -> dict[str, ColumnConfig]:
    return {
        "made": starts_column("Made"),
        "state": chip_column("State", 136, STATE_CHIPS),
        "platform": text_column("Platform", 80),
        "account": text_column("Account", 175),
        "replaced": text_column("In place of", 175),
        "by": text_column("By", 90),
        "expires": starts_column("Works until"),
    }
