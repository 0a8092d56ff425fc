"""What was found: beside the text as a list, and on its lines."""

import streamlit as st

from lib.bot_config import Checked, Finding, Level
from lib.bot_config.checks import MOST_FINDINGS
from lib.bot_config.findings import path_words
from lib.bot_config.listing import listing
from lib.ui.bot_config.editor import HEIGHT
from lib.ui.bot_config.words import counts
from lib.ui.widgets.status_strip import Color
from lib.ui.words.formats import one_line

_BADGES: dict[Level, tuple[str, str, Color]] = {
    Level.ERROR: ("Error", ":material/error:", "red"),
    Level.WARNING: ("Warning", ":material/warning:", "yellow"),
    Level.NOTE: ("Note", ":material/info:", "gray"),
}
LONGEST_SENTENCE = 600


def show_findings(checked: Checked) -> None:
    """The list beside the text, errors first. It quotes the preset, so all of it but the badges is plain text."""
    st.markdown(f"**What was found** · {counts(checked, *Level) or 'nothing'}")
    with st.container(height=HEIGHT, border=True, key="bot_config_findings"):
        if not checked.findings:
            st.caption("Every option is known and within its limits." if checked.value else "Nothing to check yet.")
        for level in Level:
            for finding in checked.findings:
                if finding.level is level:
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
