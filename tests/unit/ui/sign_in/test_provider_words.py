"""What is told when a sign-in by the OpenID provider comes to nothing: to people, and to who runs the dashboard."""

from typing import Any

import pytest

from lib.settings import Settings
from lib.staff.provider import Refusal
from lib.ui.sign_in.provider_words import Failure, advice, advice_at_the_start, sentence

ENTRA = "https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/v2.0"


def settings(provider: str = ENTRA, **more: Any) -> Settings:
    return Settings(
        _env_file=None,
        public_url="https://desk.acme.example",
        oidc_client_id="desk",
        oidc_client_secret="a secret",
        **{"oidc_emails": {"ann@acme.example": "editor"}} | more,
        oidc_metadata_url=f"{provider}/.well-known/openid-configuration",
    )


@pytest.mark.parametrize("why", [*Refusal, *Failure])
def test_every_refusal_has_a_sentence_that_names_the_provider_or_whom_to_ask(why: str) -> None:
    told = sentence(why, provider="Acme ID", contact="it@acme.example")
    assert told is not None
    assert told.endswith((".", "it@acme.example."))
    assert "{" not in told


@pytest.mark.parametrize("word", ["", "__class__", "{provider}", "stranger "])
def test_a_word_that_is_none_of_ours_is_told_nobody(word: str) -> None:
    assert sentence(word, provider="Acme ID", contact="it@acme.example") is None
    assert advice(word) is None


def test_where_addresses_will_give_nobody_a_role_the_start_says_so() -> None:
    told = advice_at_the_start(settings())
    assert told is not None
    assert "OIDC_EMAILS_VOUCHED_FOR=true" in told
    assert "acme" not in told


@pytest.mark.parametrize(
    "silent",
    [
        settings(oidc_emails_vouched_for=True),
        settings(oidc_emails={}, oidc_roles={"desk-admins": "admin"}),
        settings("https://idp.acme.example"),
        Settings(_env_file=None),
    ],
)
def test_where_they_do_or_none_are_named_it_says_nothing(silent: Settings) -> None:
    assert advice_at_the_start(silent) is None
