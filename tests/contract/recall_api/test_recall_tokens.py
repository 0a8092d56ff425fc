"""Calendar tokens: for whom they are minted, how often, and that nobody gets another's."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep

import pytest

from lib.domain import CalendarUser
from lib.errors import (
    CalendarUserWithoutId,
    RecallBlocked,
    RecallKeyRefused,
    RecallTokenRefused,
    RecallUnreachable,
    RecallUnreadable,
    UnknownCalendarUser,
)
from lib.recall_api import Recall, external_id_of
from tests.contract.recall_api.conftest import HandClock
from tests.contract.recall_api.scripted_recall import (
    AUTHENTICATE,
    USER,
    USERS,
    ScriptedRecall,
    Sent,
    Step,
    answer,
    html,
    raw,
    user,
)

REFUSED = [answer({"code": "authentication_failed", "detail": "bad"}, 401), answer({"detail": "bad"}, 403), html(401)]


def test_a_token_is_minted_with_the_key_and_kept(recall: Recall, server: ScriptedRecall) -> None:
    server.knows("ann")
    server.always("GET", USER, answer(user("ann")))
    recall.get_user("ann")
    recall.get_user("ann")
    assert (server.count("POST", AUTHENTICATE), server.count("GET", USERS)) == (1, 1)
    assert server.last("POST", AUTHENTICATE).json == {"user_id": "ann"}
    assert "authorization" in server.last("POST", AUTHENTICATE).headers
    assert [s.token for s in server.sent if s.path == USER] == ["canary-token-1"] * 2
    assert "authorization" not in server.last("GET", USER).headers


def test_a_token_is_minted_once_for_many_askers(recall: Recall, server: ScriptedRecall) -> None:
    server.knows("ann")
    mint = server._mint

    def slowly(connection: socket.socket, sent: Sent) -> None:
        sleep(0.2)
        mint(connection, sent)

    server.always("POST", AUTHENTICATE, slowly)
    server.always("GET", USER, answer(user("ann")))
    together = Barrier(20)

    def ask(_: int) -> CalendarUser:
        together.wait()
        return recall.get_user("ann")

    with ThreadPoolExecutor(20) as pool:
        assert len(list(pool.map(ask, range(20)))) == 20
    assert (server.count("POST", AUTHENTICATE), server.count("GET", USERS)) == (1, 1)


def test_many_askers_share_one_failure(recall: Recall, server: ScriptedRecall) -> None:
    server.knows("ann")

    def down(connection: socket.socket, sent: Sent) -> None:
        sleep(0.1)
        html(502)(connection, sent)

    server.always("POST", AUTHENTICATE, down)
    together = Barrier(10)

    def ask(_: int) -> type[BaseException] | None:
        together.wait()
        try:
            recall.get_user("ann")
        except RecallUnreachable as error:
            return type(error)
        return None

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(ask, range(10))) == {RecallUnreachable}
    assert server.count("POST", AUTHENTICATE) == 3


def test_fifty_threads_and_fifty_users_never_get_each_others_data(recall: Recall, server: ScriptedRecall) -> None:
    names = [f"user-{n}" for n in range(50)]
    server.knows(*names)

    def mint(connection: socket.socket, sent: Sent) -> None:
        answer({"token": f"canary-token-of-{sent.json['user_id']}"})(connection, sent)

    def owner(connection: socket.socket, sent: Sent) -> None:
        answer(user((sent.token or "").removeprefix("canary-token-of-")))(connection, sent)

    server.always("POST", AUTHENTICATE, mint)
    server.always("GET", USER, owner)

    def sweep(shift: int) -> list[tuple[str, str]]:
        order = names[shift:] + names[:shift]
        return [(name, recall.get_user(name).id) for name in order[:10]]

    with ThreadPoolExecutor(50) as pool:
        seen = [pair for pairs in pool.map(sweep, range(50)) for pair in pairs]
    assert len(seen) == 500
    assert all(id == f"recall-{name}" for name, id in seen)
    assert server.count("POST", AUTHENTICATE) == 50


def test_a_token_is_renewed_after_23_hours_and_not_before(
    recall: Recall, server: ScriptedRecall, clock: HandClock
) -> None:
    server.knows("ann")
    server.always("GET", USER, answer(user("ann")))
    recall.get_user("ann")
    clock.move(hours=23, seconds=-1)
    recall.get_user("ann")
    assert server.count("POST", AUTHENTICATE) == 1
    clock.move(seconds=1)
    recall.get_user("ann")
    assert server.count("POST", AUTHENTICATE) == 2
    assert server.last("GET", USER).token == "canary-token-2"


@pytest.mark.parametrize("refusal", REFUSED)
def test_a_refused_token_is_replaced_once_and_the_call_repeated_once(
    recall: Recall, server: ScriptedRecall, refusal: Step
) -> None:
    server.knows("ann")
    server.script("GET", USER, refusal, answer(user("ann")))
    assert recall.get_user("ann").external_id == "ann"
    assert [s.token for s in server.sent if s.path == USER] == ["canary-token-1", "canary-token-2"]


@pytest.mark.parametrize("refusal", REFUSED)
def test_a_token_refused_twice_is_an_error(recall: Recall, server: ScriptedRecall, refusal: Step) -> None:
    server.knows("ann")
    server.always("GET", USER, refusal)
    with pytest.raises(RecallTokenRefused):
        recall.get_user("ann")
    assert (server.count("POST", AUTHENTICATE), server.count("GET", USER)) == (2, 2)


def test_a_firewalls_403_does_not_cost_a_token(recall: Recall, server: ScriptedRecall) -> None:
    server.knows("ann")
    server.script("GET", USER, html(403))
    with pytest.raises(RecallBlocked):
        recall.get_user("ann")
    assert server.count("POST", AUTHENTICATE) == 1


def test_a_user_deleted_meanwhile_is_not_created_again_by_a_refused_token(
    recall: Recall, server: ScriptedRecall
) -> None:
    server.knows("ann")
    server.script("GET", USER, answer(user("ann")), answer({"detail": "bad"}, 401))
    recall.get_user("ann")
    recall.list_users()
    server.always("GET", USERS, answer([]))
    with pytest.raises(UnknownCalendarUser):
        recall.get_user("ann")
    assert server.count("POST", AUTHENTICATE) == 1


def test_a_list_that_was_asked_for_before_the_refusal_does_not_bring_a_deleted_user_back(
    recall: Recall, server: ScriptedRecall
) -> None:
    """The list under way still names the user; whoever is refused meanwhile waits for it and reads another."""
    server.knows("ann")
    refused = Event()

    def from_before(connection: socket.socket, sent: Sent) -> None:
        assert refused.wait(5)
        answer([user("ann")])(connection, sent)

    def refusal(connection: socket.socket, sent: Sent) -> None:
        answer({"detail": "bad"}, 401)(connection, sent)
        refused.set()

    server.script("GET", USER, answer(user("ann")), refusal)
    recall.get_user("ann")
    server.script("GET", USERS, from_before)
    server.always("GET", USERS, answer([]))
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(recall.list_users)
        while server.count("GET", USERS) < 2:
            sleep(0.01)
        with pytest.raises(UnknownCalendarUser):
            recall.get_user("ann")
        under_way.result(5)
    assert server.count("POST", AUTHENTICATE) == 1


@pytest.mark.parametrize("stranger", ["", "Ann", "ann ", "../ann", "ann?x=1", "a\ud800", "\x00", "x" * 10_000])
def test_nothing_is_minted_for_an_id_that_is_not_in_the_list(
    recall: Recall, server: ScriptedRecall, stranger: str
) -> None:
    server.knows("ann")
    recall.list_users()
    with pytest.raises(UnknownCalendarUser):
        recall.get_user(stranger)
    assert (server.count("POST", AUTHENTICATE), server.count("GET", USERS)) == (0, 2)


def test_a_user_created_since_the_last_list_is_found_by_reading_it_once_more(
    recall: Recall, server: ScriptedRecall
) -> None:
    server.knows("ann")
    server.script("GET", USERS, answer([]))
    recall.list_users()
    server.script("GET", USER, answer(user("ann")))
    assert recall.get_user("ann").external_id == "ann"
    assert server.count("GET", USERS) == 2


@pytest.mark.parametrize("odd", ["acme/üser 1?#", "日本", "a@b.example", "%2e%2e", '"; DROP'])
def test_any_external_id_reaches_recall_as_it_is(recall: Recall, server: ScriptedRecall, odd: str) -> None:
    server.knows(odd)
    server.script("GET", USER, answer(user(odd)))
    assert recall.get_user(odd).external_id == odd
    assert json.loads(server.last("POST", AUTHENTICATE).body) == {"user_id": odd}


@pytest.mark.parametrize(
    "body", [{}, [], {"token": None}, {"token": ""}, {"token": 5}, {"token": "a\r\nX: y"}, {"token": "é"}]
)
def test_an_answer_without_a_usable_token_is_unreadable(recall: Recall, server: ScriptedRecall, body: object) -> None:
    server.knows("ann")
    server.script("POST", AUTHENTICATE, answer(body))
    with pytest.raises(RecallUnreadable):
        recall.get_user("ann")


def test_a_refused_key_is_said_as_such_while_minting(recall: Recall, server: ScriptedRecall) -> None:
    server.knows("ann")
    server.script("POST", AUTHENTICATE, answer({"detail": "Invalid token."}, 401))
    with pytest.raises(RecallKeyRefused):
        recall.get_user("ann")
    assert server.count("GET", USER) == 0


def test_a_user_deleted_while_a_list_was_on_its_way_stays_deleted(recall: Recall, server: ScriptedRecall) -> None:
    server.knows("ann")
    recall.list_users()
    server.script("DELETE", USER, raw(204, content_type=None))

    def old_news(connection: socket.socket, sent: Sent) -> None:
        recall.delete_user("ann")
        answer([user("ann")])(connection, sent)

    server.script("GET", USERS, old_news)
    recall.list_users()
    server.always("GET", USERS, answer([]))
    with pytest.raises(UnknownCalendarUser):
        recall.get_user("ann")
    assert server.count("POST", AUTHENTICATE) == 1


def test_a_user_without_external_id_gets_a_clear_message() -> None:
    with pytest.raises(CalendarUserWithoutId, match="without an external id"):
        external_id_of(CalendarUser("x", None))
    assert external_id_of(CalendarUser("x", "ann")) == "ann"


def test_after_the_clock_was_put_back_the_list_counts_as_old_and_no_deleted_user_is_created_again(
    recall: Recall, server: ScriptedRecall, clock: HandClock
) -> None:
    server.knows("ann", "bob")
    server.always("GET", USER, answer(user("ann")))
    recall.get_user("ann")
    clock.move(hours=-1)
    server.always("GET", USERS, answer([user("ann")]))
    with pytest.raises(UnknownCalendarUser):
        recall.get_user("bob")
    assert server.count("POST", AUTHENTICATE) == 1
