"""The reference: a page of plain Streamlit that shows the same rows, without a sign-in, without reading or judging.

`streamlit run bench/plain_page.py -- ROWS.json`. It imports nothing of the project.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

SHOWN = ["starts", "outcome", "title", "why", "to_do", "choice"]
LISTS = {"coming": "Coming", "past30": "Past 30 days", "past60": "Past 60 days"}


@st.cache_resource
def prepared() -> dict[str, Any]:
    """The rows of each list as a frame, and the words of the chips: made once for the process."""
    found: dict[str, Any] = json.loads(Path(sys.argv[-1]).read_text())
    frames = {name: pd.DataFrame(rows)[SHOWN] for name, rows in found["lists"].items()}
    for frame in frames.values():
        frame["starts"] = pd.to_datetime(frame["starts"], utc=True, format="ISO8601")
    return {**found, "frames": frames}


def columns(chips: list[str]) -> dict[str, ColumnConfig]:
    """As the dashboard has them."""
    config = st.column_config
    zone = "Europe/Berlin"
    return {
        "starts": config.DatetimeColumn("Starts (Berlin)", width=124, format="ddd D MMM, HH:mm", timezone=zone),
        "outcome": config.MultiselectColumn("Outcome", width=136, options=chips, color="auto"),
        "title": config.TextColumn("Meeting", width=136),
        "why": config.TextColumn("Why", width=190),
        "to_do": config.TextColumn("What to do", width=180),
        "choice": config.TextColumn("Choice", width=100),
    }


def show_figures(coming: int, past: int) -> None:
    """Four of them."""
    for place, (label, value, words) in zip(
        st.columns(4),
        (
            ("Coverage, 30 days", "62.5%", f"25 of {past}"),
            ("Missed, 30 days", "15", "8 the customer can fix"),
            ("Coming, 14 days", f"21 of {coming}", "will be recorded"),
            ("Set by hand", "2", "overrides ahead"),
        ),
        strict=True,
    ):
        place.metric(label, value, delta_description=words, border=True, height="stretch", help="How it is counted.")


def show_meetings(known: dict[str, Any]) -> None:
    """Pills, the table, and one meeting in full."""
    with st.container(horizontal=True, gap="medium"):
        words = {name: f"{label} · {len(known['frames'][name])}" for name, label in LISTS.items()}
        chosen = st.pills("Meetings", list(words), format_func=words.__getitem__, default="coming", required=True)
        st.pills("Only", ["Only not recorded", "Set by hand"], selection_mode="multi")
    frame = known["frames"][chosen]
    event: Any = st.dataframe(
        frame,
        key=f"table_{chosen}",
        height=35 * (min(len(frame), 10) + 1) + 2,
        hide_index=True,
        column_order=SHOWN,
        column_config=columns(known["chips"]),
        on_select="rerun",
        selection_mode="single-row",
        alt=f"{len(frame)} meetings, {LISTS[chosen].lower()}",
    )
    if event["selection"]["rows"]:
        show_one(known["lists"][chosen][event["selection"]["rows"][0]])
    else:
        st.caption("Select a row to see why, what to do, and how sure we are.")


def show_one(row: dict[str, Any]) -> None:
    """The card of the selected row."""
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.text(row["title"])
            st.badge(row["outcome"][0], icon=":material/help:", color="gray")
        st.caption(row["when"])
        why, act, sure = st.columns(3)
        why.markdown(f"**Why**  \n{row['said']}")
        act.markdown(f"**What to do**  \n{row['to_do']}")
        act.markdown(f"**Who can**  \n{row['owner']}")
        sure.markdown(f"**How sure**  \n{row['confidence']}")
        sure.markdown("**Code**")
        sure.text(row["code"])
        with st.expander("Rule by rule", icon=":material/rule:"):
            for step in row["trace"]:
                st.markdown(f":material/check: {step}")


def show_connections(connections: list[list[str]]) -> None:
    """One row for each calendar."""
    frame = pd.DataFrame(connections, columns=["platform", "account"])
    st.dataframe(frame, hide_index=True, alt=f"{len(frame)} calendar{'s' if len(frame) != 1 else ''}")
    st.caption("Recall reads the primary calendar of each account.")


st.set_page_config("Plain", layout="wide")
known = prepared()
st.title("One user")
show_figures(len(known["frames"]["coming"]), len(known["frames"]["past30"]))
section = st.segmented_control("Section", ["Meetings", "Preferences", "Connections"], default="Meetings", required=True)
if section == "Connections":
    show_connections(known["connections"])
else:
    show_meetings(known)
