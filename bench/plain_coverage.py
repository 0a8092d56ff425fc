"""The reference for the Coverage page: plain Streamlit with fifty rows and two charts, without a sign-in or a store.

`streamlit run bench/plain_coverage.py`. It imports nothing of the project.
"""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st


@st.cache_resource
def prepared() -> dict[str, pd.DataFrame]:
    """Two trends and a table: made once for the process."""
    chance = np.random.default_rng(1)
    shapes = {"Week": 13, "Day": 90}
    trends = {
        words: pd.DataFrame(
            {
                "when": pd.date_range("2026-08-24", periods=points, freq="D" if words == "Day" else "W"),
                "coverage": chance.random(points),
                "reach": chance.random(points),
            }
        )
        for words, points in shapes.items()
    }
    names = [f"customer{n}.example" for n in range(50)]
    table = pd.DataFrame({"customer": names, "missed": range(50), "coverage": chance.random(50), "held": range(50)})
    return {**trends, "table": table}


st.set_page_config("Plain", layout="wide")
known = prepared()
st.title("Coverage")
for place, label in zip(st.columns(3), ("Coverage", "Reach", "Delivery"), strict=True):
    place.metric(label, "71.4%", delta="2.1 pts", chart_data=[1, 2, 3, 2, 4, 5], border=True)
chosen = st.segmented_control("Trend", ["Week", "Day"], default="Week", required=True) or "Week"
trend = known[chosen]
line = alt.Chart(trend).mark_line().encode(x="when:T", y="coverage:Q")
bars = alt.Chart(known["table"].head(10)).mark_bar().encode(x="missed:Q", y="customer:N")
left, right = st.columns(2)
left.altair_chart(line, alt=f"Coverage by {chosen.lower()}, {len(trend)} points")
right.altair_chart(bars, alt="Misses by customer")
st.dataframe(known["table"], hide_index=True)
