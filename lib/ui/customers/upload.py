"""The upload: the file is read where it is uploaded, and nothing is applied until its preview was confirmed."""

from hashlib import sha256

import streamlit as st

from lib.bootstrap import desk
from lib.commands.customers import apply_customers
from lib.customer.csv_file import FALLBACK, MOST_BYTES, CustomersFile, read_customers
from lib.customer.plan import AssignmentPlan
from lib.errors import CustomersFileUnusable, DeskError, NotInSight
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.sign_in.access import authorize
from lib.ui.widgets import flash
from lib.ui.widgets.notices import view_only
from lib.ui.widgets.session_cache import forget, once
from lib.ui.words.formats import plural

_TURN, _SAID, _READ = "customers_turn", "customers_said", "customers_read"


def show_upload(member: StaffMember) -> CustomersFile | None:
    """The place to upload a file, or who may; answers the file, if one is there and could be read."""
    st.subheader("Upload", anchor=False)
    if not member.may(Permission.CUSTOMERS_WRITE):
        st.info(view_only("Assigning customers", Permission.CUSTOMERS_WRITE), icon=":material/lock:")
        return None
    try:
        member.require_all_in_sight()
    except NotInSight as problem:
        st.info(str(problem), icon=":material/lock:")
        return None
    content = st.file_uploader(
        "CSV with customers",
        ["csv", "txt", "tsv"],
        key=f"customers_file_{st.session_state.get(_TURN, 0)}",
        max_upload_size=MOST_BYTES // 1_000_000,
        help="Nothing is applied before you have seen what it would do.",
    )
    _show_said()
    if content is None:
        forget(_READ)
        return None
    return _read(content.getvalue())


def apply_shown(file: CustomersFile, shown: AssignmentPlan) -> None:
    """Apply what the preview shows; what became of it is said at the next drawing.

    A click is answered before the page's own guard is: who clicks is asked anew.
    """
    if (member := authorize(Permission.CUSTOMERS_WRITE)) is None:
        return
    try:
        applied = apply_customers(desk().store, member, file, shown)
    except DeskError as problem:
        flash.keep(_SAID, str(problem), worked=False)
        return
    users, owners = applied.counts["users"], applied.counts["owners"]
    flash.keep(_SAID, f"Applied: {plural(users, 'user')} and {plural(owners, 'owner')}.")
    forget_upload()
    desk().workspace.look_again()


def forget_upload() -> None:
    """Take the file away again, and begin with an empty place for the next."""
    forget(_READ)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _show_said() -> None:
    flash.show(_SAID)


def _read(content: bytes) -> CustomersFile | None:
    """The file; where it cannot be read, what to do is said. It is read once and kept as long as it lies there."""
    try:
        file = once(_READ, sha256(content).digest(), lambda: read_customers(content))
    except CustomersFileUnusable as problem:
        st.error(str(problem), icon=":material/error:")
        return None
    if file.is_guessed:
        st.warning(
            f"The file does not tell how its letters are written, so it was read as {FALLBACK}. "
            "Check the names below; if some are wrong, save the file as CSV UTF-8 and upload it again.",
            icon=":material/translate:",
        )
    return file
