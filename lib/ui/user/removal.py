"""Disconnect a calendar or delete a user: a dialog says what is lost and asks for the name, a note how it ended."""

import streamlit as st

from lib.bootstrap import desk
from lib.commands.connections import delete_user, disconnect, name_to_type
from lib.domain import CalendarUser, Connection
from lib.errors import DeskError
from lib.queries import CalendarSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.store.outbox import WriteState
from lib.ui.sign_in.access import authorize, require_session
from lib.ui.sign_in.reauthentication import prove, show_proof
from lib.ui.widgets import flash
from lib.ui.widgets.notices import show_problem
from lib.ui.words.calendar_health import platform_name
from lib.ui.words.formats import plural
from lib.writes import WriteResult

_DELETE = "everything"
_OPEN, _PROBLEM, _FLASH = "removal_open", "removal_problem", "removal"


def show_removal(known: CalendarSnapshot, member: StaffMember) -> None:
    """The buttons, for those with the right, at the foot of the section."""
    st.subheader("Disconnect or delete", anchor=False)
    may_disconnect, may_delete = member.may(Permission.CONNECTIONS_WRITE), member.may(Permission.USERS_DELETE)
    if not may_disconnect:
        needed = role_needed_for(Permission.CONNECTIONS_WRITE).title()
        st.caption(f"Disconnecting needs the role {needed}. Ask an admin.")
        return
    with st.container(horizontal=True):
        for calendar in known.user.connected:
            st.button(
                f"Disconnect {platform_name(calendar.platform)}",
                icon=":material/link_off:",
                on_click=_open,
                args=(known.user, calendar.platform),
                key=f"disconnect_{calendar.platform}",
            )
        st.button(
            "Delete this user",
            icon=":material/delete:",
            disabled=not (may_delete and known.user.external_id),
            help=None if may_delete else f"Needs the role {role_needed_for(Permission.USERS_DELETE).title()}.",
            on_click=_open,
            args=(known.user, _DELETE),
            key="delete_user",
        )
    _show_dialog(known)


def show_removal_outcome(user_id: str) -> None:
    """Say how this browser session's last removal for the user ended, until it is dismissed."""
    flash.show(_FLASH, about=user_id, until_dismissed=True)


def _open(user: CalendarUser, what: str) -> None:
    """Open the dialog; the session keeps it open until it is closed, however often the page draws itself anew."""
    st.session_state.pop(_PROBLEM, None)
    st.session_state[_OPEN] = (user.id, what)


def _close() -> None:
    st.session_state.pop(_OPEN, None)


def _show_dialog(known: CalendarSnapshot) -> None:
    whose, what = st.session_state.get(_OPEN, ("", ""))
    if whose != known.user.id:
        return
    if what == _DELETE:
        _ask_to_delete(known)
    elif calendar := next((c for c in known.user.connected if c.platform == what), None):
        _ask_to_disconnect(known, calendar)
    else:  # disconnected by somebody else meanwhile
        _close()


@st.dialog("Disconnect a calendar", icon=":material/link_off:", on_dismiss=_close)
def _ask_to_disconnect(known: CalendarSnapshot, calendar: Connection) -> None:
    member = require_session(clicked=True).staff
    name = platform_name(calendar.platform)
    st.markdown(
        f"**This disconnects {name} from this user.** Recall no longer reads its meetings: {_coming_bots(known)}, and "
        "overrides are lost. Recordings, the user, its preferences and any other calendar remain.\n\n"
        "**This cannot be undone from here:** the owner has to connect the calendar again by a new link."
    )
    _ask_for_name(known.user, member, calendar.platform, f"Disconnect {name}")


@st.dialog("Delete this user", icon=":material/delete:", on_dismiss=_close)
def _ask_to_delete(known: CalendarSnapshot) -> None:
    member = require_session(clicked=True).staff
    st.markdown(
        f"**Recall deletes this calendar user and disconnects all its calendars:** {_coming_bots(known)}, and its "
        "preferences and overrides are lost. The figures of its past meetings remain here.\n\n"
        "**This cannot be undone.** If your product asks Recall for this user again, an empty one is made."
    )
    _ask_for_name(known.user, member, _DELETE, "Delete this user")


def _coming_bots(known: CalendarSnapshot) -> str:
    """How many booked bots would be lost, as of the last read."""
    now = known.as_of
    coming = [e for e in known.entries if e.bot_id and now and e.start_time and e.start_time > now]
    return f"{plural(len(coming), 'bot')} of coming meetings will not come" if coming else "no bot is booked now"


def _ask_for_name(user: CalendarUser, member: StaffMember, what: str, act: str) -> None:
    if st.session_state.get(_OPEN) != (user.id, what):  # done: the page shows how it ended
        st.rerun()
    st.caption("Type the name of the user to confirm:")
    st.code(name_to_type(user), language=None, wrap_lines=True)
    st.text_input("Name of the user", key=_typed_key(user, what), autocomplete="off")
    st.text_input("Reason (optional, kept in Activity)", key=_why_key(user, what), max_chars=200)
    show_proof(member, key=_proof_key(user, what))
    if isinstance(problem := st.session_state.get(_PROBLEM), DeskError):
        show_problem(problem)
    st.button(act, icon=":material/warning:", on_click=_remove, args=(user, what), key=f"confirm_{what}")


def _remove(user: CalendarUser, what: str) -> None:
    """Delete the user, or disconnect the platform `what`. A callback runs before the page's guard, so it checks the
    permission itself. What a forged click does not type is empty."""
    permission = Permission.USERS_DELETE if what == _DELETE else Permission.CONNECTIONS_WRITE
    if (member := authorize(permission)) is None:
        return
    typed, why = (str(st.session_state.get(key(user, what), "")) for key in (_typed_key, _why_key))
    try:
        prove(_proof_key(user, what))
        if what == _DELETE:
            result = delete_user(desk().context, member, user, typed, why=why.strip() or None)
            _keep_outcome(user, "This user was deleted.", result)
        else:
            result = disconnect(desk().context, member, user, what, typed, why=why.strip() or None)
            _keep_outcome(user, f"{platform_name(what)} is disconnected.", result)
            desk().calendars.follow_bookings(result.user or user)
    except DeskError as problem:
        st.session_state[_PROBLEM] = problem


def _keep_outcome(user: CalendarUser, done: str, result: WriteResult) -> None:
    """Keep how it ended. A second click finds it done already; then the message of the first stays."""
    worked = result.state is WriteState.APPLIED
    if not (result.already and flash.is_kept(_FLASH, about=user.id)):
        flash.keep(_FLASH, f"{done} {result.sentence}" if worked else result.sentence, worked=worked, about=user.id)
    st.session_state.pop(_PROBLEM, None)
    _close()


def _typed_key(user: CalendarUser, what: str) -> str:
    return f"typed:{user.id}:{what}"


def _proof_key(user: CalendarUser, what: str) -> str:
    return f"{user.id}:{what}"


def _why_key(user: CalendarUser, what: str) -> str:
    return f"why:{user.id}:{what}"
