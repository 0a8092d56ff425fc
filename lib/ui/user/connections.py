"""One user's calendars, the links to connect one, and what came of the links made so far."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.connect_links import ConnectLink, make_link
from lib.domain import CalendarUser, Connection
from lib.errors import SettingsError
from lib.queries import CalendarSnapshot
from lib.recall_api.oauth import PROVIDERS, oauth_flow
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.store import links
from lib.store.links import Link, LinkState
from lib.ui.user.removal import show_removal
from lib.ui.widgets import flash
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.table import Columns, chip_column, show_plain_table, text_column, time_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.calendar_health import HEALTH_CHIPS, connection_words, platform_name
from lib.ui.words.formats import NOTHING, day_and_time, one_line, plural, zone_city

SHOWN_FOR = timedelta(minutes=15)
"""How long a link stays on the page of whoever made it, unless it is hidden before."""
DOUBLE_CLICK_WITHIN = timedelta(seconds=5)
STATE_WORDS = {
    LinkState.CONNECTED: "✓ Connected",
    LinkState.WAITING: "→ Sent or waiting",
    LinkState.RETURNED: "→ Being checked",
    LinkState.EXPIRED: "– Expired",
    LinkState.REFUSED: "! Refused",
}
STATE_CHIPS = ("✓ Connected", "→ Sent or waiting", "– Expired", "! Refused", "→ Being checked")
"""In the order of the outcome colours: green, blue, grey, orange, violet."""
_LINKS, _FLASH, _REFRESH = "connect_links", "connect", "refresh_calendar"


def show_connections(known: CalendarSnapshot, member: StaffMember) -> None:
    """The section: the calendars that Recall names, connect links, and disconnecting or deleting."""
    user, may_connect = known.user, member.may(Permission.CONNECTIONS_WRITE)
    if user.connections:
        _show_calendars(user, may_connect)
        if member.may(Permission.CALENDARS_REFRESH):
            _offer_refresh(user)
    else:
        to_do = "Send the user a link." if may_connect else "Ask the user to connect a calendar in your product."
        show_empty("No calendar connected", f"So no meetings can be seen. {to_do}", ":material/link_off:")
    with desk().store.read() as connection:
        made = links.of_user(connection, user.id)
    st.subheader("Connect a calendar", anchor=False)
    if may_connect:
        _offer_links(user)
        _show_new_links(user, made)
    else:
        needed = role_needed_for(Permission.CONNECTIONS_WRITE).title()
        st.info(f"Making a link needs the role {needed}. Ask an admin.", icon=":material/lock:")
    _show_links_made(made)
    show_removal(known, member)


def _show_calendars(user: CalendarUser, may_connect: bool) -> None:
    again = "Send a link to connect it again." if may_connect else "Ask the user to connect it again."
    columns: Columns[Connection] = {
        "platform": text_column("Platform", 140, lambda each: platform_name(each.platform)),
        "state": chip_column("State", 140, connection_words, HEALTH_CHIPS),
        "account": text_column("Account", 260, lambda each: one_line(each.email) or NOTHING),
        "to_do": text_column("What to do", 300, lambda each: NOTHING if each.connected else again),
    }
    show_plain_table(user.connections, columns, alt=plural(len(user.connections), "calendar"))
    st.caption(
        "Recall reads the primary calendar of each account. It may learn a few hours late that access was withdrawn."
    )


def _offer_refresh(user: CalendarUser) -> None:
    """The button that has Recall read the calendar at Google or Microsoft again, which may take it a minute."""
    flash.show(_REFRESH, about=user.id)
    if clicked(
        "Ask Recall to read the calendar again",
        icon=":material/event_repeat:",
        disabled=not (user.connected and user.external_id),
        help="Seldom needed: Recall notices changes by itself. For one user at most once in ten minutes.",
        key="ask_recall_to_read",
    ):
        with st.spinner("Recall is reading the calendar…"):
            flash.run(_REFRESH, Permission.CALENDARS_REFRESH, partial(_refresh, user), about=user.id)
        st.rerun()


def _refresh(user: CalendarUser, member: StaffMember) -> str:
    outcome = desk().refresh_calendar(member, user)
    if outcome.problem is not None:
        raise outcome.problem
    return outcome.sentence


def _offer_links(user: CalendarUser) -> None:
    missing = {platform: _missing_setting(platform) for platform in PROVIDERS}
    _warn_of_other_accounts(user, [platform for platform, problem in missing.items() if problem is None])
    with st.container(horizontal=True):
        for platform, problem in missing.items():
            st.button(
                f"Create {platform_name(platform)} link",
                icon=":material/add_link:",
                on_click=_make_link,
                args=(user, platform),
                disabled=problem is not None or not user.external_id,
                key=f"make_link_{platform}",
            )
    for problem in missing.values():
        if problem is not None:
            st.caption(problem)
    if not user.external_id:
        st.caption("Recall lists this user without an external id, so no link can be made.")
    elif desk().settings.public_url is None and desk().settings.region is not None:
        st.caption(
            "PUBLIC_URL is not set: the link ends on a page of Recall's, and Google's review asks for our address."
        )
    flash.show(_FLASH, about=user.id, until_dismissed=True)


def _missing_setting(platform: str) -> str | None:
    """The setting that links of a platform lack, as a sentence, or None."""
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
        "A link can connect any account. The same account again keeps everything. **Connecting a different account "
        "deletes the previous account's bots, meetings and overrides.** Current account:",
        icon=":material/warning:",
    )
    for platform, email in known:
        st.text(f"{platform_name(platform)}: {one_line(email)}")


def _make_link(user: CalendarUser, platform: str) -> None:
    made = st.session_state.setdefault(_LINKS, {})
    before = made.get((user.id, platform))
    if before and utc_now() - before.made_at < DOUBLE_CLICK_WITHIN:
        return

    def command(member: StaffMember) -> None:
        made[user.id, platform] = make_link(desk().context, desk().settings, member, user, platform)

    flash.run(_FLASH, Permission.CONNECTIONS_WRITE, command, about=user.id)


def _show_new_links(user: CalendarUser, made: Sequence[Link]) -> None:
    """Show the links that this browser session has made, until they are used, hidden or shown long enough.

    Nothing can show them again.
    """
    waiting = {link.number for link in made if link.connected_at is None and utc_now() - link.made_at < SHOWN_FOR}
    kept: dict[tuple[str, str], ConnectLink] = st.session_state.get(_LINKS, {})
    for key in [key for key, link in kept.items() if key[0] != user.id or link.number not in waiting]:
        del kept[key]
    for link in kept.values():
        _show_new_link(user, link)


def _show_new_link(user: CalendarUser, link: ConnectLink) -> None:
    name, url = platform_name(link.platform), link.url.get_secret_value()
    with st.container(border=True):
        st.markdown(f":material/add_link: **A {name} link, shown only once.** Send it to this user and nobody else.")
        st.caption("The text to send. The button in its corner copies it.")
        st.code(text_to_send(name, url, link.expires_at, viewer_zone()), language=None, wrap_lines=True)
        st.caption(
            "Anyone who has the link can connect a calendar to this user: keep it out of tickets and channels. "
            "The table below shows what came of it once Recall shows the calendar."
        )
        st.button("Hide link", type="tertiary", on_click=_hide_link, args=(user.id, link.platform), key=f"away_{name}")


def _hide_link(user_id: str, platform: str) -> None:
    st.session_state.get(_LINKS, {}).pop((user_id, platform), None)


def text_to_send(name: str, url: str, expires_at: datetime, zone: ZoneInfo) -> str:
    """The link as plain text for a message to the user; `name` is the platform's."""
    until = f"{day_and_time(expires_at, zone)} ({zone_city(zone)})"
    tick = " Leave the box ticked that lets your calendar be seen." if name == "Google" else ""
    return "\n".join(
        (
            f"Please connect your {name} calendar, so that your meetings can be recorded:",
            "",
            url,
            "",
            f"Choose the account whose calendar you use for work.{tick}",
            "This link is for you only: anyone who has it can connect a calendar in your name. Do not forward it.",
            f"It works until {until}, 24 hours from when it was made. After that, ask for another.",
        )
    )


def _show_links_made(made: Sequence[Link]) -> None:
    st.subheader("Links made", anchor=False)
    if not made:
        st.caption("None yet.")
        return
    if made[0].replaced:
        st.warning(
            "The last link connected a different account: Recall deleted the previous account's bots, meetings and "
            "overrides.",
            icon=":material/swap_horiz:",
        )
    now = utc_now()
    columns: Columns[Link] = {
        "made": time_column("Made", lambda link: link.made_at),
        "state": chip_column("State", 136, lambda link: STATE_WORDS[link.state(now)], STATE_CHIPS),
        "platform": text_column("Platform", 80, lambda link: platform_name(link.platform)),
        "account": text_column("Account", 175, _account),
        "replaced": text_column("In place of", 175, lambda link: one_line(link.replaced) or NOTHING),
        "by": text_column("By", 90, lambda link: link.by),
        "expires": time_column("Works until", lambda link: link.expires_at),
    }
    show_plain_table(made, columns, alt=f"{plural(len(made), 'link')} made, newest first")


def _account(link: Link) -> str:
    """The account that the link connected. Text from outside."""
    return NOTHING if link.connected_at is None else one_line(link.account) or "not named"
