"""What the check found: in a sentence, beside the text as a list, and on its lines."""

import streamlit as st

from lib.bot_config import Checked, Finding, Level
from lib.bot_config.checks import MOST_FINDINGS
from lib.bot_config.findings import path_words
from lib.bot_config.listing import listing
from lib.bot_config.retention import stores_nothing
from lib.ui.bot_config.editor import HEIGHT
from lib.ui.widgets.status_strip import Color
from lib.ui.words.formats import one_line, plural

NOTHING_STORED = "With this preset Recall stores no recording of any meeting (retention is null)."
_BADGES: dict[Level, tuple[str, str, Color]] = {
    Level.ERROR: ("Error", ":material/error:", "red"),
    Level.WARNING: ("Warning", ":material/warning:", "yellow"),
    Level.NOTE: ("Note", ":material/info:", "gray"),
}
LONGEST_SENTENCE = 600


def key_sentence(checked: Checked) -> str:
    """ "**2 errors, 1 warning.** Fix before you hand this over." """
    if checked.value is None:
        return "**This cannot be read yet.** The problem is shown beside the text."
    told = counts(checked, Level.ERROR, Level.WARNING)
    if not told:
        return "**Ready to hand over.** It matches the options that Recall documents."
    if not checked.of(Level.ERROR):
        return f"**{told}.** Recall can take it; check that you mean it."
    if stores_nothing(checked.value):
        return f"**{told}.** {NOTHING_STORED} Fix before you hand this over, unless every customer wants that."
    return f"**{told}.** Fix before you hand this over."


def counts(checked: Checked, *levels: Level) -> str:
    """ "2 errors, 1 warning": those of these levels that there are."""
    found = [(level, checked.of(level)) for level in levels]
    more = ", and more" if checked.is_cut else ""
    return ", ".join(plural(number, level.value) for level, number in found if number) + more


def show_findings(checked: Checked) -> None:
    """The list beside the text, errors first. It quotes the preset, so all of it but the badges is plain text."""
    st.markdown(f"**Findings** · {counts(checked, *Level) or 'none'}")
    with st.container(height=HEIGHT, border=True, key="bot_config_findings"):
        if not checked.findings:
            st.caption("Every option is known and within its limits." if checked.value else "Nothing to check yet.")
        for finding in sorted(checked.findings, key=lambda each: list(Level).index(each.level)):
            _show(finding)
        if checked.is_cut:
            st.caption(f"These are the first {MOST_FINDINGS}. Correct them, and the others appear.")


def show_on_lines(text: str, checked: Checked) -> None:
    """The lines that something was found on, with what it is under each."""
    if not checked.findings:
        st.caption("Nothing was found on any line.")
        return
    st.caption("✗ an error, ! a warning, i a note: each under the line where it was found.")
    st.code(listing(text, checked.findings), language=None)


def _show(finding: Finding) -> None:
    words, icon, color = _BADGES[finding.level]
    with st.container(gap="xxsmall"):
        st.badge(f"{words} · line {finding.line}", icon=icon, color=color)
        if finding.path:
            st.text(one_line(path_words(finding.path)))
        st.text(one_line(finding.sentence, LONGEST_SENTENCE))
