"""The upload of a CSV: a preview of what it would change, and the button that applies exactly that."""

from collections.abc import Sequence
from hashlib import sha256

import streamlit as st

from lib.bootstrap import desk
from lib.commands.customers import apply_customers, preview
from lib.customer.csv_file import FALLBACK, MOST_BYTES, CustomersFile, read_customers
from lib.customer.plan import AssignmentPlan, OwnerChange, SkippedLine, SkipReason, UserChange
from lib.errors import CustomersFileUnusable, NotInSight
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.widgets import flash
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.notices import view_only
from lib.ui.widgets.session_cache import forget, once
from lib.ui.widgets.table import Columns, R, number_column, show_plain_table, text_column
from lib.ui.widgets.theme import main_button
from lib.ui.words.formats import NOTHING, count, one_line, plural

MOST_ROWS = 1000
_UPLOADER, _FLASH, _FILE = "customers_uploader", "customers_flash", "customers_file_read"
_SKIPPED = {
    SkipReason.UNMATCHED: "Does not match",
    SkipReason.TWICE: "Twice, saying different things",
    SkipReason.OWNER_UNKNOWN: "Owner without a staff account",
    SkipReason.UNUSABLE: "Cannot be understood",
}
USER_COLUMNS: Columns[UserChange] = {
    "user": text_column("User", 250, lambda change: one_line(change.after.user.label)),
    "customer": text_column("Customer now", 160, lambda change: customer_words(change.before.effective)),
    "customer_after": text_column("Customer then", 180, lambda change: customer_words(change.after.effective)),
    "team": text_column("Team now", 120, lambda change: one_line(change.before.team) or NOTHING),
    "team_after": text_column("Team then", 140, lambda change: one_line(change.after.team) or NOTHING),
}
OWNER_COLUMNS: Columns[OwnerChange] = {
    "customer": text_column("Customer", 300, lambda change: one_line(change.customer)),
    "before": text_column("Owner now", 200, lambda change: change.before or "nobody"),
    "after": text_column("Owner then", 200, lambda change: change.after or "nobody"),
}
SKIPPED_COLUMNS: Columns[SkippedLine] = {
    "line": number_column("Line", 70, lambda line: line.line),
    "user": text_column("User", 220, lambda line: one_line(line.user) or NOTHING),
    "customer": text_column("Customer", 160, lambda line: one_line(line.customer) or NOTHING),
    "why": text_column("Why", 420, lambda line: line.sentence),
}


def show_upload(member: StaffMember) -> None:
    """The place to upload a file with the preview of the one that is there, or who may upload."""
    st.subheader("Upload", anchor=False)
    if not member.may(Permission.CUSTOMERS_WRITE):
        st.info(view_only("Assigning customers", Permission.CUSTOMERS_WRITE), icon=":material/lock:")
        return
    try:
        member.require_all_in_sight()
    except NotInSight as problem:
        st.info(str(problem), icon=":material/lock:")
        return
    content = st.file_uploader(
        "CSV with customers",
        ["csv", "txt", "tsv"],
        key=f"customers_file_{st.session_state.get(_UPLOADER, 0)}",
        max_upload_size=MOST_BYTES // 1_000_000,
        help="Nothing is applied until you have seen the preview.",
    )
    flash.show(_FLASH)
    if content is None:
        forget(_FILE)
    elif file := _read(content.getvalue()):
        _show_preview(file, member)


def _read(content: bytes) -> CustomersFile | None:
    """The file, read once for as long as it stays uploaded; None, and why, where it cannot be read."""
    try:
        file = once(_FILE, sha256(content).digest(), lambda: read_customers(content))
    except CustomersFileUnusable as problem:
        st.error(str(problem), icon=":material/error:")
        return None
    if file.is_guessed:
        st.warning(
            f"The file does not say which encoding it has, so it was read as {FALLBACK}. "
            "Check the names below; if some are wrong, save the file as CSV UTF-8 and upload it again.",
            icon=":material/translate:",
        )
    return file


def _show_preview(file: CustomersFile, member: StaffMember) -> None:
    plan = preview(desk().store, member, file)
    st.subheader("Preview", anchor=False)
    st.markdown(preview_sentence(plan))
    _show_buttons(file, plan)
    users = [change for change in plan.users if change.is_seen]
    _show_section("Users", users, USER_COLUMNS, f"{plural(len(users), 'user')} that would change")
    owners = f"{plural(len(plan.owners), 'customer')} whose owner would change"
    _show_section("Owners", plan.owners, OWNER_COLUMNS, owners)
    for reason, title in _SKIPPED.items():
        lines = plan.left_for(reason)
        _show_section(title, lines, SKIPPED_COLUMNS, f"{plural(len(lines), 'line')} left out: {title.lower()}")


def preview_sentence(plan: AssignmentPlan) -> str:
    """ "12 users change customer or team, and 2 customers the owner. ..." Our words and numbers alone."""
    visible = sum(1 for change in plan.users if change.is_seen)
    confirmed, lines = len(plan.users) - visible, len({line.line for line in plan.left})
    if plan.is_empty:
        first = "**Nothing would change.**"
    else:
        first = (
            f"**{plural(visible, 'user changes', 'users change')} customer or team, "
            f"and {plural(len(plan.owners), 'customer')} the owner.**"
        )
    rest = [f"{count(plan.unchanged)} {'is' if plan.unchanged == 1 else 'are'} already set"] if plan.unchanged else []
    if confirmed:
        rest.append(f"for {plural(confirmed, 'user')} it confirms the domain of the email")
    rest.append(f"{plural(lines, 'line')} {'is' if lines == 1 else 'are'} left out" if lines else "no line is left out")
    told = "; ".join(rest)
    return f"{first} {told[0].upper()}{told[1:]}."


def _show_buttons(file: CustomersFile, plan: AssignmentPlan) -> None:
    apply = f"Apply: {plural(len(plan.users), 'user')}, {plural(len(plan.owners), 'owner')}"
    with st.container(horizontal=True):
        st.button(
            "Nothing to apply" if plan.is_empty else apply,
            icon=":material/check:",
            type=main_button(),
            disabled=plan.is_empty,
            on_click=_apply,
            args=(file, plan),
            key="apply_customers",
        )
        st.button("Discard", type="tertiary", on_click=_discard, key="discard_customers")


def _apply(file: CustomersFile, shown: AssignmentPlan) -> None:
    """Apply what the preview shows, for whoever clicked."""

    def command(member: StaffMember) -> str:
        counts = apply_customers(desk().store, member, file, shown).counts
        _discard()
        desk().workspace.look_again()
        return f"Applied: {plural(counts['users'], 'user')} and {plural(counts['owners'], 'owner')}."

    flash.run(_FLASH, Permission.CUSTOMERS_WRITE, command)


def _discard() -> None:
    """Drop the uploaded file: an uploader with a new key is empty."""
    forget(_FILE)
    st.session_state[_UPLOADER] = st.session_state.get(_UPLOADER, 0) + 1


def _show_section(title: str, rows: Sequence[R], columns: Columns[R], alt: str) -> None:
    """A part of the preview; nothing where it has no rows."""
    if rows:
        cut = f", the first {count(MOST_ROWS)} of them" if len(rows) > MOST_ROWS else ""
        st.markdown(f"**{title} · {count(len(rows))}**{cut}")
        show_plain_table(rows[:MOST_ROWS], columns, alt=alt)
