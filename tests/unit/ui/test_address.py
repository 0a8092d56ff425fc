"""The address is text from outside: what is read from it, and what is written to it."""

import pytest
from streamlit.testing.v1 import AppTest

UUID = "0b7a6b41-8add-4e49-955d-45d006b2fa08"


def read_address() -> None:
    import streamlit as st

    from lib.ui.widgets.query_params import asked_user

    asked = asked_user()
    st.text("nobody" if asked is None else f"user {asked}")


def open_one() -> None:
    from lib.ui.widgets.query_params import open_user, write_word

    open_user("0b7a6b41-8add-4e49-955d-45d006b2fa08")
    write_word("show", "lost")
    write_word("customer", None)


def close_one() -> None:
    from lib.ui.widgets.query_params import close_user

    close_user()


def reading(**query: str) -> str:
    app = AppTest.from_function(read_address)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return str(app.text[0].value)


@pytest.mark.parametrize("typed", [UUID, UUID.upper(), f" {UUID}\n"])
def test_a_uuid_is_read_in_lower_case_without_space_around_it(typed: str) -> None:
    assert reading(user=typed) == f"user {UUID}"


@pytest.mark.parametrize("typed", ["", "   "])
def test_an_empty_user_is_no_user(typed: str) -> None:
    assert reading(user=typed) == "nobody"


def test_without_a_user_in_the_address_there_is_none() -> None:
    assert reading(section="preferences") == "nobody"


@pytest.mark.parametrize("typed", ["Anna", f"{UUID}0", UUID.replace("-", ""), f"{UUID[:-1]}٣", "<b>x</b>", "../users"])
def test_text_that_is_no_uuid_comes_back_as_it_is(typed: str) -> None:
    assert reading(user=typed) == f"user {typed}"


def test_a_very_long_text_is_cut() -> None:
    assert reading(user="x" * 100_000) == f"user {'x' * 300}"


def test_words_are_put_into_the_address_and_taken_out_and_the_others_stay() -> None:
    app = AppTest.from_function(open_one)
    app.query_params.update({"customer": "acme.example", "find": "anna"})
    app.run()
    assert not app.exception
    assert dict(app.query_params) == {"user": UUID, "show": "lost", "find": "anna"}


def test_closing_a_user_takes_out_what_is_the_users_and_keeps_the_search() -> None:
    app = AppTest.from_function(close_one)
    app.query_params.update({"user": UUID, "section": "preferences", "list": "past", "show": "lost"})
    app.session_state["section"] = "preferences"
    app.run()
    assert not app.exception
    assert dict(app.query_params) == {"show": "lost"}
    assert "section" not in app.session_state
