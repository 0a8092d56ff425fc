"""Who somebody is by what the provider says, and what they may do: pure, with every claim in every wrong form."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from lib.errors import NotLetIn, SettingsError
from lib.settings import Settings
from lib.staff.accounts import normalised
from lib.staff.permissions import ROLE_WORDS, Role
from lib.staff.provider import Identity, Refusal, identity_of, require_roles, role_of

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


def who(settings: Settings = SETTINGS, *, proof: bool = False, tells_when: bool = False, **wrong: Any) -> Identity:
    claims = {name: value for name, value in {**CLAIMS, **wrong}.items() if value is not MISSING}
    return identity_of(claims, settings, issuer=ISSUER, now=NOW, proof=proof, tells_when=tells_when)


def refusal(settings: Settings = SETTINGS, *, proof: bool = False, tells_when: bool = False, **wrong: Any) -> str:
    with pytest.raises(NotLetIn) as refused:
        who(settings, proof=proof, tells_when=tells_when, **wrong)
    return refused.value.why


def test_a_person_is_named_after_their_address_and_known_by_the_issuers_id_of_them() -> None:
    assert who() == Identity(f"{ISSUER} 7f3", "dana@acme.example", True, "Dana Weiss", Role.VIEWER)
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


@pytest.mark.parametrize("word", [True, "true", "True"])
def test_only_an_address_that_was_checked_gives_a_role(word: object) -> None:
    ann: dict[str, Any] = {"email": "Ann@Acme.Example", "groups": []}
    assert who(**ann, email_verified=word).role is Role.EDITOR
    for denied in (False, "false", "", "yes", 0, 1, [True], {"value": True}):
        assert refusal(**ann, email_verified=denied) == Refusal.UNVERIFIED
    for unsaid in (MISSING, None):
        assert refusal(**ann, email_verified=unsaid) == Refusal.UNSAID


def test_a_provider_that_says_nothing_of_addresses_is_believed_about_its_groups_and_one_that_denies_is_not() -> None:
    assert who(email_verified=MISSING).role is Role.VIEWER
    assert not who(email_verified=MISSING).email_verified
    assert refusal(email_verified=False) == Refusal.UNVERIFIED


def test_an_operator_may_vouch_for_addresses_of_which_the_provider_says_nothing_and_for_no_others() -> None:
    vouching = SETTINGS.model_copy(update={"oidc_emails_vouched_for": True})
    ann: dict[str, Any] = {"email": "Ann@Acme.Example", "groups": []}
    assert who(vouching, **ann, email_verified=MISSING).role is Role.EDITOR
    assert who(vouching, **ann, email_verified=MISSING).email_verified
    for denied in (False, "false", 1):
        assert refusal(vouching, **ann, email_verified=denied) == Refusal.UNVERIFIED


ENTRA: dict[str, Any] = {
    "_claim_names": {"groups": "src1"},
    "_claim_sources": {"src1": {"endpoint": "https://graph.acme.example/"}},
}


@pytest.mark.parametrize("left_out", [ENTRA, {"hasgroups": True}, {"hasgroups": "true"}])
def test_groups_that_were_left_out_because_they_are_too_many_are_told_apart_from_none(left_out: dict[str, Any]) -> None:
    somebody = who(groups=MISSING, **left_out)
    assert (somebody.role, somebody.groups_left_out) == (None, True)
    assert not who(groups=[]).groups_left_out
    assert not who(groups=MISSING).groups_left_out
    assert not who(**left_out).groups_left_out


@pytest.mark.parametrize(
    "odd",
    [{"_claim_names": "groups"}, {"_claim_names": {"roles": "src1"}}, {"_claim_names": ["groups"]}, {"hasgroups": 1}],
)
def test_what_is_not_said_of_the_groups_leaves_none_out(odd: dict[str, Any]) -> None:
    assert not who(groups=MISSING, **odd).groups_left_out


def test_an_address_gives_its_role_though_the_groups_were_left_out() -> None:
    somebody = who(email="ann@acme.example", groups=MISSING, **ENTRA)
    assert (somebody.role, somebody.groups_left_out) == (Role.EDITOR, True)


def test_roles_of_the_application_count_as_groups_do_alone_and_beside_them() -> None:
    by_roles = SETTINGS.model_copy(update={"oidc_groups_claim": ("roles",)})
    assert who(by_roles, groups=["desk-admins"], roles=["desk-editors"]).role is Role.EDITOR
    assert who(by_roles, roles="desk-editors").role is Role.EDITOR
    assert who(by_roles, groups=MISSING, roles=["desk-editors"], **ENTRA).groups_left_out is False
    by_both = SETTINGS.model_copy(update={"oidc_groups_claim": ("groups", "roles")})
    assert who(by_both, groups=["staff"], roles="desk-admins").role is Role.ADMIN
    assert who(by_both, groups="desk-admins", roles=["staff"]).role is Role.ADMIN
    somebody = who(by_both, groups=MISSING, roles=["staff"], **ENTRA)
    assert (somebody.role, somebody.groups_left_out) == (Role.VIEWER, True)


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


@pytest.mark.parametrize(
    "when",
    [
        SECONDS - 301,
        SECONDS + 61,
        0,
        -SECONDS,
        float("nan"),
        float("inf"),
        10**400,
        str(SECONDS),
        "now",
        True,
        [SECONDS],
        {"value": SECONDS},
    ],
)
def test_a_proof_at_any_other_time_or_at_none_is_no_proof_and_leaves_a_sign_in_as_it_is(when: Any) -> None:
    assert refusal(proof=True, auth_time=when) == Refusal.NOT_PROVEN
    assert who(auth_time=when).proven_at is None


def test_a_provider_that_tells_when_somebody_proved_who_they_are_must_tell_it_of_a_proof() -> None:
    assert refusal(proof=True, tells_when=True) == Refusal.NOT_PROVEN
    assert refusal(proof=True, tells_when=True, auth_time=None) == Refusal.NOT_PROVEN
    assert who(proof=True, tells_when=True, auth_time=SECONDS).name == "dana@acme.example"
    assert who(tells_when=True).proven_at is None


def test_a_sign_in_is_a_proof_where_the_provider_says_that_it_asked_a_moment_ago() -> None:
    assert who(auth_time=SECONDS - 60).proven_at == NOW - timedelta(minutes=1)
    assert who(auth_time=SECONDS + 30).proven_at == NOW  # its clock is a little ahead
    assert who().proven_at is None


def test_a_role_that_does_not_exist_is_refused_before_anybody_signs_in() -> None:
    require_roles(SETTINGS)
    for wrong in ({"oidc_roles": {"staff": "owner"}}, {"oidc_emails": {"ann@acme.example": "owner"}}):
        with pytest.raises(SettingsError, match=f"can give {ROLE_WORDS}"):
            require_roles(SETTINGS.model_copy(update=wrong))
