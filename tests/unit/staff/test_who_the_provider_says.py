"""Who somebody is by what the provider says, and what they may do: pure, with every claim in every wrong form."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from lib.errors import NotLetIn
from lib.settings import Settings
from lib.staff.accounts import normalised
from lib.staff.permissions import Role
from lib.staff.provider import Person, Refusal, person, role_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ISSUER = "https://idp.acme.example"
SECONDS = int(NOW.timestamp())
SETTINGS = Settings(
    _env_file=None,
    public_url="https://desk.acme.example",
    oidc_client_id="desk",
    oidc_client_secret=SecretStr("a secret"),
    oidc_roles={"desk-admins": "admin", "desk-editors": "editor", "staff": "viewer"},
    oidc_emails={"ann@acme.example": "editor"},
    oidc_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
)
CLAIMS = {
    "iss": ISSUER,
    "sub": "7f3",
    "aud": "desk",
    "exp": SECONDS + 300,
    "iat": SECONDS,
    "email": "dana@acme.example",
    "email_verified": True,
    "name": "Dana Weiss",
    "groups": ["staff"],
}
MISSING = object()


def who(*, proof: bool = False, **wrong: Any) -> Person:
    claims = {name: value for name, value in {**CLAIMS, **wrong}.items() if value is not MISSING}
    return person(claims, SETTINGS, issuer=ISSUER, now=NOW, proof=proof)


def refusal(*, proof: bool = False, **wrong: Any) -> str:
    with pytest.raises(NotLetIn) as refused:
        who(proof=proof, **wrong)
    return refused.value.why


def test_a_person_is_named_after_their_address_and_known_by_the_issuers_id_of_them() -> None:
    assert who() == Person(f"{ISSUER} 7f3", "dana@acme.example", True, "Dana Weiss", Role.VIEWER)
    assert who().name == "dana@acme.example"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": MISSING},
        {"iss": "https://idp.acme.example/"},
        {"aud": MISSING},
        {"aud": "other"},
        {"aud": []},
        {"aud": ["other"], "azp": "desk"},
        {"aud": ["desk", "other"]},
        {"aud": ["desk", "other"], "azp": "other"},
        {"azp": "other"},
        {"exp": MISSING},
        {"exp": None},
        {"exp": True},
        {"exp": str(SECONDS + 300)},
        {"exp": SECONDS - 61},
        {"exp": float("nan")},
        {"exp": 10**400},
        {"iat": MISSING},
        {"iat": SECONDS + 61},
        {"iat": float("nan")},
        {"sub": MISSING},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "a\nb"},
    ],
)
def test_an_answer_that_is_not_for_us_or_holds_no_longer_is_not_trusted(wrong: dict[str, Any]) -> None:
    assert refusal(**wrong) == Refusal.NOT_TRUSTED


@pytest.mark.parametrize("right", [{"aud": ["desk"]}, {"aud": ["desk", "other"], "azp": "desk"}, {"exp": SECONDS - 59}])
def test_what_the_protocol_allows_besides_is_taken(right: dict[str, Any]) -> None:
    assert who(**right).role is Role.VIEWER


@pytest.mark.parametrize("email", [MISSING, None, 7, "", "dana", "a b@acme.example", "dana@", "x" * 250 + "@a.example"])
def test_without_an_address_there_is_no_account(email: Any) -> None:
    assert refusal(email=email) == Refusal.NO_EMAIL


def test_an_address_with_a_letter_that_only_looks_like_one_of_ours_is_none() -> None:
    kelvin = "bac\u212a@acme.example"  # its small form is an ordinary k
    assert kelvin.lower() == "back@acme.example"
    assert refusal(email=kelvin) == Refusal.NO_EMAIL


def test_only_an_address_that_was_checked_gives_a_role() -> None:
    ann: dict[str, Any] = {"email": "Ann@Acme.Example", "groups": []}
    assert who(**ann).role is Role.EDITOR
    for unchecked in (MISSING, None, False, "true", 1):
        assert refusal(**ann, email_verified=unchecked) == Refusal.UNVERIFIED


def test_a_provider_that_says_nothing_of_addresses_is_believed_about_its_groups_and_one_that_denies_is_not() -> None:
    assert who(email_verified=MISSING).role is Role.VIEWER
    assert not who(email_verified=MISSING).email_verified
    assert refusal(email_verified=False) == Refusal.UNVERIFIED


@pytest.mark.parametrize("near", ["xann@acme.example", "ann@acme.example.evil.example", "ann+1@acme.example"])
def test_an_address_that_is_almost_the_one_that_is_set_is_a_strangers(near: str) -> None:
    assert who(email=near, groups=[]).role is None


@pytest.mark.parametrize("groups", [None, 7, {"staff": True}, [["staff"]], "Staff", ["staff "], [None], "staff,x"])
def test_groups_count_letter_by_letter_and_in_no_other_form(groups: Any) -> None:
    assert who(groups=groups).role is None


@given(st.lists(st.sampled_from(["desk-admins", "desk-editors", "staff", "gardeners"])), st.booleans())
def test_the_highest_role_wins_whatever_the_order(groups: list[str], is_ann: bool) -> None:
    given_by = {"desk-admins": Role.ADMIN, "desk-editors": Role.EDITOR, "staff": Role.VIEWER}
    roles = {given_by[group] for group in groups if group in given_by} | ({Role.EDITOR} if is_ann else set())
    highest = next((role for role in reversed(Role) if role in roles), None)
    assert role_of(tuple(groups), "ann@acme.example" if is_ann else None, SETTINGS) is highest


@given(st.text(), st.emails() | st.from_regex(r"[!-?A-~]{1,100}@[!-?A-~]{1,100}", fullmatch=True))
def test_whatever_is_told_the_account_has_a_name_and_a_display_name_in_one_visible_line(name: str, email: str) -> None:
    try:
        found = who(name=name, email=email)
    except NotLetIn:
        assert refusal(name=name, email=email) == Refusal.NO_EMAIL
        return
    assert normalised(found.name) == found.name
    assert 1 <= len(found.display) <= 100
    assert found.display.isprintable()
    assert found.display == found.display.strip()


def test_a_proof_must_have_been_given_a_moment_ago_where_the_provider_says_when() -> None:
    ago = {age: SECONDS - int(timedelta(minutes=age).total_seconds()) for age in (4, 6)}
    assert who(proof=True, auth_time=ago[4]).name == "dana@acme.example"
    assert who(proof=False, auth_time=ago[6]).name == "dana@acme.example"
    assert who(proof=True).name == "dana@acme.example"
    assert refusal(proof=True, auth_time=ago[6]) == Refusal.NOT_PROVEN
