"""A click is acted on once, with what is chosen in its run, even if the page draws itself anew on the way to it."""

from time import monotonic

from streamlit.testing.v1 import AppTest

from lib.ui.widgets.buttons import WAITS_SECONDS


def _page() -> None:
    import streamlit as st

    from lib.ui.widgets.buttons import clicked

    chosen = st.selectbox("Choice", ["one", "two"], key="choice")
    if st.session_state.pop("newer data came", False):
        st.rerun()
    if st.session_state.get("button is gone"):
        st.stop()
    if clicked("Keep", key="keep", disabled=st.session_state.get("nothing to keep", False)):
        st.session_state.setdefault("kept", []).append(chosen)


def opened() -> AppTest:
    app = AppTest.from_function(_page, default_timeout=30)
    app.session_state["kept"] = []
    return app.run()


def test_a_click_is_acted_on_once() -> None:
    app = opened()
    assert app.session_state["kept"] == []
    app.button(key="keep").click().run()
    app.run()
    assert app.session_state["kept"] == ["one"]


def test_what_is_chosen_together_with_the_click_is_what_is_kept() -> None:
    app = opened()
    app.selectbox(key="choice").set_value("two")
    app.button(key="keep").click().run()
    assert app.session_state["kept"] == ["two"]


def test_a_click_outlives_a_page_that_draws_itself_anew_before_it_comes_to_the_button() -> None:
    app = opened()
    app.session_state["newer data came"] = True
    app.button(key="keep").click().run()
    assert app.session_state["kept"] == ["one"]


def test_a_click_on_what_can_no_longer_be_done_is_forgotten() -> None:
    app = opened()
    app.session_state["nothing to keep"] = True
    app.button(key="keep").click().run()
    app.session_state["nothing to keep"] = False
    app.run()
    assert app.session_state["kept"] == []


def test_a_click_whose_button_was_gone_for_long_is_not_acted_on_when_it_is_back() -> None:
    app = opened()
    app.session_state["button is gone"] = True
    app.button(key="keep").click().run()
    app.session_state["clicked:keep"] = monotonic() - WAITS_SECONDS - 1
    app.session_state["button is gone"] = False
    app.run()
    assert app.session_state["kept"] == []
