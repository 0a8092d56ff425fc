"""Writes: what is sent, and that none is ever sent twice when nobody knows whether it was applied."""

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from lib.domain import Preferences
from lib.errors import (
    RecallBlocked,
    RecallCalendarLost,
    RecallNotFound,
    RecallOutcomeUnknown,
    RecallRejected,
    RecallTokenRefused,
    RecallUnreachable,
    UnknownCalendarUser,
)
from lib.recall_api import Recall, open_recall
from tests.contract.recall_api.conftest import HASTY, QUICK, HandClock
from tests.contract.recall_api.scripted_recall import (
    AUTHENTICATE,
    DISCONNECT,
    KEY,
    MEETINGS,
    REFRESH,
    USER,
    USERS,
    ScriptedRecall,
    Step,
    answer,
    cut_short,
    html,
    meeting,
    raw,
    reset,
    serving,
    silence,
    user,
)

ENTRY = meeting()["id"]
ALL_MEETINGS = Preferences(record_external=True, record_internal=True)

Write = Callable[[Recall], object]
WRITES: dict[str, tuple[str, str, Write]] = {
    "preferences": ("PUT", USER, lambda r: r.update_preferences("ann", ALL_MEETINGS)),
    "override": ("PUT", f"{MEETINGS}{ENTRY}/", lambda r: r.update_override("ann", ENTRY, None)),
    "disconnect": ("POST", DISCONNECT, lambda r: r.disconnect("ann", "google")),
    "delete": ("DELETE", USER, lambda r: r.delete_user("ann")),
}
LOST: dict[str, Step] = {
    "the connection is reset": reset(),
    "the connection is closed": lambda *_: None,
    "500": html(500),
    "502": html(502),
    "503": raw(503, content_type=None),
    "504": html(504),
    "503 that says when to come back": raw(503, Retry_After="0"),
    "a redirect": raw(303, b"", "text/html", Location="/elsewhere"),
}
UNREADABLE: dict[str, Step] = {
    "a page with status 200": html(200),
    "an empty 200": raw(200),
    "half an answer": cut_short(user("ann")),
    "reset in the body": reset(after=cut_short(user("ann"))),
    "an array": answer([]),
    "somebody else": answer(user("bob")),
}


@pytest.fixture(autouse=True)
def _ann(server: ScriptedRecall) -> None:
    server.knows("ann")


@pytest.mark.parametrize(("method", "path", "write"), WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("step", LOST.values(), ids=LOST)
def test_a_write_whose_answer_is_lost_is_of_unknown_outcome_and_is_not_sent_again(
    recall: Recall, server: ScriptedRecall, method: str, path: str, write: Write, step: Step
) -> None:
    server.script(method, path, step)
    with pytest.raises(RecallOutcomeUnknown):
        write(recall)
    assert server.count(method, path) == 1


@pytest.mark.parametrize(("method", "path", "write"), WRITES.values(), ids=WRITES)
def test_a_write_that_meets_silence_is_of_unknown_outcome_and_is_not_sent_again(
    server: ScriptedRecall, method: str, path: str, write: Write
) -> None:
    server.script(method, path, silence(0.6))
    with open_recall(server.url, SecretStr(KEY), retry_policy=HASTY) as recall, pytest.raises(RecallOutcomeUnknown):
        write(recall)
    assert server.count(method, path) == 1


@pytest.mark.parametrize("kind", ["preferences", "override", "disconnect"])
@pytest.mark.parametrize("step", UNREADABLE.values(), ids=UNREADABLE)
def test_a_write_answered_by_something_else_is_of_unknown_outcome(
    recall: Recall, server: ScriptedRecall, kind: str, step: Step
) -> None:
    method, path, write = WRITES[kind]
    server.script(method, path, step)
    with pytest.raises(RecallOutcomeUnknown):
        write(recall)
    assert server.count(method, path) == 1


@pytest.mark.parametrize(("method", "path", "write"), WRITES.values(), ids=WRITES)
def test_a_refused_write_has_changed_nothing_and_is_not_sent_again(
    recall: Recall, server: ScriptedRecall, method: str, path: str, write: Write
) -> None:
    server.script(method, path, answer({"code": "bad", "detail": "no"}, 400), html(403), html(404))
    for error in (RecallRejected, RecallBlocked, RecallRejected):
        with pytest.raises(error):
            write(recall)
    assert server.count(method, path) == 3


@pytest.mark.parametrize(
    ("method", "path", "write"),
    [*WRITES.values(), ("POST", REFRESH, lambda r: r.refresh_meetings("ann"))],
    ids=[*WRITES, "refresh"],
)
def test_a_write_that_meets_a_lost_calendar_has_changed_nothing_and_says_so(
    recall: Recall, server: ScriptedRecall, method: str, path: str, write: Write
) -> None:
    """422 is what Recall answers then (contract N2); nothing is to be corrected in what was sent."""
    server.script(method, path, answer({"detail": ["Unprocessable."]}, 422))
    with pytest.raises(RecallCalendarLost, match="Nothing was changed; connect the calendar again") as caught:
        write(recall)
    assert caught.value.fields == {"detail": ("Unprocessable.",)}
    assert server.count(method, path) == 1


@pytest.mark.parametrize(("method", "path", "write"), WRITES.values(), ids=WRITES)
def test_a_write_told_to_slow_down_was_not_applied_and_is_sent_again(
    recall: Recall, server: ScriptedRecall, method: str, path: str, write: Write
) -> None:
    done = {"preferences": user("ann"), "override": meeting(), "disconnect": user("ann")}
    kind = next(name for name, (_, _, w) in WRITES.items() if w is write)
    fine = answer(done[kind]) if kind in done else raw(204, content_type=None)
    server.script(method, path, answer({}, 429, Retry_After="0"), fine)
    write(recall)
    assert server.count(method, path) == 2


def test_a_write_that_found_no_connection_was_not_applied_and_says_so(clock: HandClock) -> None:
    with serving() as server, open_recall(server.url, SecretStr(KEY), clock=clock, retry_policy=QUICK) as recall:
        server.knows("ann")
        server.script("GET", USER, answer(user("ann")))
        recall.get_user("ann")
        gone = recall
    with pytest.raises(RecallUnreachable):
        gone.update_preferences("ann", ALL_MEETINGS)
    gone.close()


def test_preferences_are_put_whole_and_the_name_only_when_it_is_given(recall: Recall, server: ScriptedRecall) -> None:
    stored = dict.fromkeys(ALL_MEETINGS.flags, False) | {"record_external": True, "bot_name": "Notes"}
    server.always("PUT", USER, answer(user("ann", preferences=stored)))
    found = recall.update_preferences("ann", ALL_MEETINGS)
    assert found.preferences == Preferences(record_external=True, bot_name="Notes")
    sent = server.last("PUT", USER)
    assert sent.json == {
        "preferences": {
            "record_external": True,
            "record_internal": True,
            "record_recurring": False,
            "record_non_host": False,
            "record_confirmed": False,
            "record_only_host": False,
        }
    }
    assert sent.headers["content-type"] == "application/json"
    assert (sent.token, "authorization" in sent.headers) == ("canary-token-1", False)
    recall.update_preferences("ann", Preferences(bot_name="Née ✓"))
    assert server.last("PUT", USER).json["preferences"]["bot_name"] == "Née ✓"


@pytest.mark.parametrize("override", [True, False, None])
def test_an_override_is_sent_as_one_of_three(recall: Recall, server: ScriptedRecall, override: bool | None) -> None:
    server.script("PUT", f"{MEETINGS}{ENTRY}/", answer(meeting(override_should_record=override)))
    assert recall.update_override("ann", ENTRY, override).override_should_record is override
    assert server.last("PUT", f"{MEETINGS}{ENTRY}/").json == {"override_should_record": override}


def test_disconnecting_names_the_platform(recall: Recall, server: ScriptedRecall) -> None:
    server.script("POST", DISCONNECT, answer(user("ann")))
    assert recall.disconnect("ann", "microsoft").connected == ()
    assert server.last("POST", DISCONNECT).json == {"platform": "microsoft"}


@pytest.mark.parametrize("step", [raw(204, content_type=None), raw(200), html(200)])
def test_deleting_needs_no_words_in_the_answer(recall: Recall, server: ScriptedRecall, step: Step) -> None:
    server.script("DELETE", USER, step)
    recall.delete_user("ann")
    assert server.last("DELETE", USER).body == b""


def test_a_deleted_user_is_never_minted_for_again(recall: Recall, server: ScriptedRecall) -> None:
    server.script("DELETE", USER, raw(204, content_type=None))
    recall.delete_user("ann")
    server.always("GET", USERS, answer([]))
    with pytest.raises(UnknownCalendarUser):
        recall.get_user("ann")
    assert server.count("POST", AUTHENTICATE) == 1


@pytest.mark.parametrize("left", [answer({}, 401), answer({}, 403), answer({}, 404), raw(204, content_type=None)])
def test_a_deletion_asked_for_again_goes_out_with_the_same_token_and_takes_gone_for_done(
    recall: Recall, server: ScriptedRecall, left: Step
) -> None:
    server.script("DELETE", USER, reset(), left)
    with pytest.raises(RecallOutcomeUnknown):
        recall.delete_user("ann")
    recall.delete_user("ann")
    assert [s.token for s in server.sent if s.method == "DELETE"] == ["canary-token-1"] * 2
    assert server.count("POST", AUTHENTICATE) == 1


def test_reading_back_after_a_lost_deletion_does_not_create_the_user_again(
    recall: Recall, server: ScriptedRecall
) -> None:
    server.script("DELETE", USER, reset())
    with pytest.raises(RecallOutcomeUnknown):
        recall.delete_user("ann")
    server.always("GET", USERS, answer([]))
    with pytest.raises(UnknownCalendarUser):
        recall.get_user("ann")
    assert server.count("POST", AUTHENTICATE) == 1


def test_reading_back_after_a_deletion_that_was_not_applied_finds_the_user(
    recall: Recall, server: ScriptedRecall
) -> None:
    server.script("DELETE", USER, reset(), raw(204, content_type=None))
    server.script("GET", USER, answer(user("ann")))
    with pytest.raises(RecallOutcomeUnknown):
        recall.delete_user("ann")
    assert recall.get_user("ann").external_id == "ann"
    recall.delete_user("ann")
    assert server.count("DELETE", USER) == 2


def test_a_first_deletion_does_not_take_a_refusal_for_done(recall: Recall, server: ScriptedRecall) -> None:
    server.script("DELETE", USER, answer({}, 404), answer({}, 401), answer({}, 401))
    with pytest.raises(RecallNotFound):
        recall.delete_user("ann")
    with pytest.raises(RecallTokenRefused):
        recall.delete_user("ann")
