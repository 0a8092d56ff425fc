"""Lists in every shape, and where following the pages ends."""

import socket
from typing import Any

import pytest

from lib.errors import RecallUnreadable
from lib.recall_api import Recall
from tests.contract.recall_api.scripted_recall import (
    BOTS,
    USERS,
    ScriptedRecall,
    Sent,
    answer,
    bot,
    serving,
    user,
)


def page(server: ScriptedRecall, names: list[str], query: str | None) -> dict[str, Any]:
    following = None if query is None else f"{server.url}{USERS}?{query}"
    return {"next": following, "previous": None, "results": [user(name) for name in names]}


def ids(recall: Recall) -> list[str | None]:
    return [u.external_id for u in recall.list_users()]


@pytest.mark.parametrize("wrap", [list, lambda rows: {"results": rows}, lambda rows: {"results": rows, "next": ""}])
def test_users_come_as_an_array_or_wrapped(recall: Recall, server: ScriptedRecall, wrap: Any) -> None:
    server.script("GET", USERS, answer(wrap([user("ann"), user("bob")])))
    found = recall.list_users()
    assert [u.external_id for u in found] == ["ann", "bob"]
    assert found.complete


def test_pages_are_followed_with_their_query_as_it_is(recall: Recall, server: ScriptedRecall) -> None:
    server.script(
        "GET",
        USERS,
        answer(page(server, ["ann", "bob"], "cursor=cD0%3D&paginate=true")),
        answer(page(server, ["bob", "cy"], "page=3")),
        answer(page(server, ["di"], None)),
    )
    found = recall.list_users()
    assert [u.external_id for u in found] == ["ann", "bob", "cy", "di"]
    assert found.complete
    assert [s.query for s in server.sent] == ["", "cursor=cD0=&paginate=true", "page=3"]


UNDER_ANOTHER_NAME = [
    "https://api.recall.ai/api/v1/calendar/users/?page=2",
    "http://us-west-2.recall.ai:80/api/v1/calendar/users/?page=2",
    "https://evil.example/api/v1/calendar/users/?page=2",
    "//evil.example/api/v1/calendar/users/?page=2",
    "{base}@evil.example/api/v1/calendar/users/?page=2",
    "{other}/api/v1/calendar/users/?page=2",
    "/api/v1/calendar/users/?page=2",
]


@pytest.mark.parametrize("following", UNDER_ANOTHER_NAME)
def test_a_next_that_names_another_host_is_followed_on_our_own(
    recall: Recall, server: ScriptedRecall, following: str
) -> None:
    """Recall may name an alias of itself, or http (contract N15); whoever it names is never asked."""
    with serving() as other:
        place = following.format(base=server.url, other=other.url)
        server.script("GET", USERS, answer({"results": [user("ann")], "next": place}), answer([user("bob")]))
        found = recall.list_users()
        assert other.sent == []
    assert ([u.external_id for u in found], found.complete) == (["ann", "bob"], True)
    assert [s.query for s in server.sent] == ["", "page=2"]


ELSEWHERE = [
    "https://evil.example/api/v1/bot/?page=2",
    "{base}/api/v1/calendar/users/../../../x?page=2",
    "{base}/api/v1/bot/?page=2",
    "{base}/api/v1/calendar/users?page=2",
    "?page=2",
    "http://[bad/?page=2",
    "{base}/api/v1/calendar/users/?page=2\r\nX: y",
    "{base}/api/v1/calendar/users/?page=é",
    "{base}/api/v1/calendar/users/",
    7,
    {"a": 1},
]


@pytest.mark.parametrize("following", ELSEWHERE)
def test_a_next_that_leads_elsewhere_is_not_followed_and_the_list_says_so(
    recall: Recall, server: ScriptedRecall, following: Any
) -> None:
    with serving() as other:
        place = following.format(base=server.url) if isinstance(following, str) else following
        server.script("GET", USERS, answer({"results": [user("ann")], "next": place}))
        found = recall.list_users()
        assert other.sent == []
    assert [u.external_id for u in found] == ["ann"]
    assert not found.complete
    assert server.count("GET", USERS) == 1


def test_a_list_that_names_a_page_again_ends(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", USERS, answer(page(server, ["ann"], "page=2")), answer(page(server, ["bob"], "page=2")))
    found = recall.list_users()
    assert [u.external_id for u in found] == ["ann", "bob"]
    assert not found.complete


def test_a_list_of_empty_pages_ends(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", USERS, *[answer(page(server, [], f"page={n}")) for n in range(2, 9)])
    assert not recall.list_users().complete
    assert server.count("GET", USERS) == 3


def test_a_list_without_end_ends_after_a_thousand_pages(recall: Recall, server: ScriptedRecall) -> None:
    def another(connection: socket.socket, sent: Sent) -> None:
        number = server.count("GET", USERS)
        answer(page(server, [f"u{number}"], f"page={number + 1}"))(connection, sent)

    server.always("GET", USERS, another)
    found = recall.list_users()
    assert (len(found), found.complete) == (1000, False)
    assert server.count("GET", USERS) == 1000


def test_a_page_that_cannot_be_read_is_no_short_list(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", USERS, answer(page(server, ["ann"], "page=2")), answer({"results": None}))
    with pytest.raises(RecallUnreadable):
        recall.list_users()


def test_bots_come_a_page_at_a_time_and_only_as_far_as_they_are_read(recall: Recall, server: ScriptedRecall) -> None:
    following = f"{server.url}{BOTS}?page=2"
    server.script("GET", BOTS, answer({"count": 3, "next": following, "results": [bot(1), "?", bot(2)]}))
    listings = recall.list_bots()
    first = next(listings)
    assert (len(first), len(first.unreadable), first.complete) == (2, 1, True)
    assert server.count("GET", BOTS) == 1
    server.script("GET", BOTS, answer({"count": 3, "next": None, "results": [bot(3)]}))
    assert [len(listing) for listing in listings] == [1]


def test_bots_that_lead_elsewhere_say_that_there_may_be_more(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", BOTS, answer({"next": "https://evil.example/api/v1/bots/?page=2", "results": [bot(1)]}))
    assert [(len(listing), listing.complete) for listing in recall.list_bots()] == [(1, False)]
