"""A sentence about what was done stays while the page draws itself anew, and not for ever."""

from time import monotonic

from streamlit.testing.v1 import AppTest

from lib.ui.widgets.flash import STAYS_SECONDS, Flash


def page() -> None:
    import streamlit as st

    from lib.errors import DeskError
    from lib.ui.widgets import flash

    st.button("Do it", on_click=flash.keep, args=("done", "It is done."))
    st.button("Fail", on_click=flash.keep, args=("done", "It could not be done."), kwargs={"worked": False})
    st.button("Break", on_click=flash.keep, args=("kept", DeskError("Nobody may.")), kwargs={"about": 7})
    flash.show("done")
    flash.show("kept", about=st.session_state.get("open"), until_dismissed=True)


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
    app.session_state["done"] = Flash(True, "It is done.", None, monotonic() - STAYS_SECONDS - 1)
    assert not app.run().success
    assert "done" not in app.session_state


def test_what_is_about_one_thing_is_shown_there_alone_until_it_is_dismissed() -> None:
    app = AppTest.from_function(page).run()
    app.button[2].click().run()
    assert not app.error
    app.session_state["open"] = 7
    assert [each.value for each in app.run().error] == ["Nobody may."]
    app.button(key="kept_dismiss").click().run()
    assert not app.error
    assert not app.run().error
