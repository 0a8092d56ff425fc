"""A sentence about what was done stays while the page draws itself anew, and not for ever."""

from time import monotonic

from streamlit.testing.v1 import AppTest

from lib.ui.widgets.flash import STAYS_SECONDS


def page() -> None:
    import streamlit as st

    from lib.ui.widgets import flash

    st.button("Do it", on_click=flash.say, args=("done", True, "It is done."))
    st.button("Fail", on_click=flash.say, args=("done", False, "It could not be done."))
    flash.show_said("done")


def test_it_stays_when_the_page_draws_itself_anew_until_something_else_is_said() -> None:
    app = AppTest.from_function(page).run()
    assert not app.success
    app.button[0].click().run()
    assert [each.value for each in app.run().success] == ["It is done."]
    app.button[1].click().run()
    assert not app.success
    assert [each.value for each in app.warning] == ["It could not be done."]


def test_what_was_said_long_ago_is_gone() -> None:
    app = AppTest.from_function(page)
    app.session_state["done"] = (monotonic() - STAYS_SECONDS - 1, True, "It is done.")
    assert not app.run().success
    assert "done" not in app.session_state
