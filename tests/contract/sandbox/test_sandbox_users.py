"""The users list, and what may be written to a user."""

from typing import Any

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, Sandbox


def users(sandbox: Sandbox, **params: str) -> Any:
    return sandbox.get(f"{CALENDAR}/users/", headers=KEY, params=params).json()


def put_user(sandbox: Sandbox, user: str, body: Any) -> Any:
    return sandbox.ask("PUT", f"{CALENDAR}/user/", headers=sandbox.token(user), json=body)


def test_an_unknown_user_is_made_by_minting_and_records_nothing(sandbox: Sandbox) -> None:
    sandbox.token("made-by-minting")
    made = next(u for u in users(sandbox) if u["external_id"] == "made-by-minting")
    assert made["connections"] == []
    assert not any(value for name, value in made["preferences"].items() if name.startswith("record_"))
    assert made["preferences"]["bot_name"] == "Meeting Notetaker"


def test_minting_twice_makes_one_user(sandbox: Sandbox) -> None:
    sandbox.token("minted-twice")
    sandbox.token("minted-twice")
    assert [u["external_id"] for u in users(sandbox)].count("minted-twice") == 1


def test_the_list_is_filtered_by_the_address_of_any_connection(sandbox: Sandbox) -> None:
    user = sandbox.new_user(platforms=("google", "microsoft"))
    assert [u["external_id"] for u in users(sandbox, email=f"{user}@MICROSOFT.acme.example")] == [user]
    assert users(sandbox, email="nobody@acme.example") == []


def test_pages_hold_everybody_once(sandbox: Sandbox) -> None:
    for n in range(95):
        sandbox.control("users/", {"external_id": f"page-{n}"})
    found: list[str] = []
    page = users(sandbox, paginate="true")
    while page["next"]:
        found += [u["id"] for u in page["results"]]
        page = sandbox.get(page["next"].removeprefix(sandbox.base), headers=KEY).json()
    found += [u["id"] for u in page["results"]]
    assert found == [u["id"] for u in users(sandbox)]
    assert page["previous"] is not None


def test_a_patch_of_a_user_is_a_put(sandbox: Sandbox) -> None:
    user = sandbox.new_user("record_external")
    body = {"preferences": {"record_confirmed": True}}
    answer = sandbox.ask("PATCH", f"{CALENDAR}/user/", headers=sandbox.token(user), json=body)
    assert answer.status_code == 200
    read = sandbox.get(f"{CALENDAR}/user/", headers=sandbox.token(user)).json()
    assert answer.json() == read
    assert (read["preferences"]["record_external"], read["preferences"]["record_confirmed"]) == (True, True)


def test_preferences_are_changed_in_part(sandbox: Sandbox) -> None:
    user = sandbox.new_user("record_external")
    changed = sandbox.prefer(user, record_confirmed=True)["preferences"]
    assert (changed["record_external"], changed["record_confirmed"]) == (True, True)
    assert sandbox.prefer(user, bot_name="Notes")["preferences"]["record_external"] is True


@pytest.mark.parametrize(
    ("preferences", "field"),
    [
        ({"bot_name": ""}, "bot_name"),
        ({"bot_name": "   "}, "bot_name"),
        ({"bot_name": "x" * 101}, "bot_name"),
        ({"bot_name": None}, "bot_name"),
        ({"record_external": "yes"}, "record_external"),
        ({"record_external": 1}, "record_external"),
        ({"record_external": None}, "record_external"),
        ([], "non_field_errors"),
    ],
)
def test_what_cannot_be_saved_is_refused_by_field_and_changes_nothing(
    sandbox: Sandbox, preferences: Any, field: str
) -> None:
    user = sandbox.new_user("record_internal")
    before = sandbox.get(f"{CALENDAR}/user/", headers=sandbox.token(user)).json()
    answer = put_user(sandbox, user, {"preferences": preferences})
    assert answer.status_code == 400
    assert list(answer.json()["preferences"]) == [field]
    assert sandbox.get(f"{CALENDAR}/user/", headers=sandbox.token(user)).json() == before


def test_a_name_of_a_hundred_characters_is_taken(sandbox: Sandbox) -> None:
    assert sandbox.prefer(sandbox.new_user(), bot_name="ü" * 100)["preferences"]["bot_name"] == "ü" * 100


def test_an_external_id_can_be_changed_and_then_names_nobody_any_more(sandbox: Sandbox) -> None:
    user = sandbox.new_user("record_internal")
    changed = put_user(sandbox, user, {"external_id": f"{user}-renamed"}).json()
    assert changed["external_id"] == f"{user}-renamed"
    again = sandbox.get(f"{CALENDAR}/user/", headers=sandbox.token(user)).json()
    assert again["id"] != changed["id"]


def test_an_external_id_in_use_is_refused(sandbox: Sandbox) -> None:
    user, other = sandbox.new_user(), sandbox.new_user()
    assert "external_id" in put_user(sandbox, user, {"external_id": other}).json()


@pytest.mark.parametrize("body", [{}, {"user_id": ""}, {"user_id": None}, {"user_id": ["x"]}])
def test_minting_needs_a_user_id(sandbox: Sandbox, body: Any) -> None:
    answer = sandbox.ask("POST", f"{CALENDAR}/authenticate/", headers=KEY, json=body)
    assert answer.status_code == 400
    assert "user_id" in answer.json()


@pytest.mark.parametrize("body", [{}, {"platform": "outlook"}, {"platform": "google_calendar"}, {"platform": None}])
def test_disconnecting_takes_two_words_only(sandbox: Sandbox, body: Any) -> None:
    path = f"{CALENDAR}/user/disconnect/"
    answer = sandbox.ask("POST", path, headers=sandbox.token(sandbox.new_user()), json=body)
    assert answer.status_code == 400
    assert "platform" in answer.json()
