"""Where somebody lands after a sign-in at the provider, and what is said when there was none."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.staff.provider import Refusal
from lib.ui.sign_in.provider_routes import page_of_ours
from lib.ui.sign_in.provider_words import Failure, sentence


@pytest.mark.parametrize(
    "page", ["/", "/users", "/users?user=1&section=preferences", "/coverage?from=2026-11-01", "/?a=b"]
)
def test_a_page_of_ours_is_kept_with_its_query(page: str) -> None:
    assert page_of_ours(page) == page


@given(
    st.text()
    | st.from_regex(r"[/\\]{0,3}(evil\.example|users|)[/\\?#@:]{0,3}.*")
    | st.sampled_from(["//", "https://", "/\\", "\\\\", "/users/..//", "javascript:"]).map(
        lambda s: f"{s}evil.example/users"
    )
)
def test_whatever_is_asked_for_a_browser_stays_here(asked: str) -> None:
    landed = urljoin("https://desk.example/oauth2callback", page_of_ours(asked))
    assert urlsplit(landed)[:2] == ("https", "desk.example")
    assert page_of_ours(page_of_ours(asked)) == page_of_ours(asked)
    assert page_of_ours(asked).isascii()


@pytest.mark.parametrize("why", [*Refusal, *Failure])
def test_every_refusal_has_a_sentence_that_names_whom_to_ask_or_what_to_do(why: str) -> None:
    said = sentence(why, provider="Acme ID", contact="it@acme.example")
    assert said is not None
    assert "{" not in said
    assert "it@acme.example" in said or "again" in said


def test_a_word_that_is_none_of_ours_says_nothing() -> None:
    assert sentence("[Sign in here](https://evil.example)", provider="Acme ID", contact="IT") is None
