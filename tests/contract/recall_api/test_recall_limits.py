"""429: one is told, everybody obeys, and nobody waits for long."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from lib.errors import RecallLimited, RecallUnreachable
from lib.recall_api import Recall, open_recall
from tests.contract.recall_api.conftest import QUICK, HandClock
from tests.contract.recall_api.scripted_recall import (
    BOTS,
    KEY,
    USER,
    USERS,
    ScriptedRecall,
    answer,
    bot,
    html,
    user,
)

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
FORMS = {
    "seconds": ("3", 3),
    "an hour": ("3600", 3600),
    "a year": ("31536000", 3600),
    "more digits than a number has": ("9" * 5000, 3600),
    "a date": ("Sun, 22 Nov 2026 12:05:00 GMT", 300),
    "a date of old": ("Sunday, 22-Nov-26 12:05:00 GMT", 300),
    "a date as C writes it": ("Sun Nov 22 12:05:00 2026", 300),
    "a date far off": ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
    "words": ("soon", 30),
    "a fraction": ("1.5", 30),
    "a negative number": ("-5", 30),
    "blank": ("", 30),
    "absent": (None, 30),
}


@pytest.mark.parametrize(("header", "seconds"), FORMS.values(), ids=FORMS)
def test_every_form_of_retry_after_says_when(
    recall: Recall, server: ScriptedRecall, header: str | None, seconds: int
) -> None:
    given = {} if header is None else {"Retry_After": header}
    server.script("GET", USERS, answer({"detail": "slow down"}, 429, **given))
    with pytest.raises(RecallLimited) as caught:
        recall.list_users()
    assert caught.value.retry_at == START + timedelta(seconds=seconds)


def test_a_date_is_counted_from_the_servers_clock(recall: Recall, server: ScriptedRecall) -> None:
    dates = {"Retry_After": "Fri, 01 Jan 2021 00:02:00 GMT", "Date": "Fri, 01 Jan 2021 00:00:00 GMT"}
    server.script("GET", USERS, answer({}, 429, **dates))
    with pytest.raises(RecallLimited) as caught:
        recall.list_users()
    assert caught.value.retry_at == START + timedelta(minutes=2)


def test_a_closed_budget_is_closed_for_everybody_until_it_opens(
    recall: Recall, server: ScriptedRecall, clock: HandClock
) -> None:
    server.script("GET", USERS, answer({}, 429, Retry_After="3600"), answer([]))
    for _ in range(3):
        with pytest.raises(RecallLimited):
            recall.list_users()
    clock.move(seconds=3590)
    with pytest.raises(RecallLimited):
        recall.list_users()
    assert server.count("GET", USERS) == 1
    clock.move(seconds=10)
    assert len(recall.list_users()) == 0


def test_a_limit_of_one_call_or_of_one_user_is_not_one_of_others(recall: Recall, server: ScriptedRecall) -> None:
    server.knows("ann", "bob")
    server.script("GET", USER, answer({}, 429, Retry_After="60"), answer(user("bob")))
    server.script("GET", BOTS, answer({}, 429, Retry_After="60"))
    server.script("GET", f"{BOTS}{bot()['id']}/", answer(bot()))
    calls: list[Callable[[], object]] = [lambda: recall.get_user("ann"), lambda: list(recall.list_bots())]
    for call in calls * 2:
        with pytest.raises(RecallLimited):
            call()
    with pytest.raises(RecallLimited):
        recall.disconnect("ann", "google")
    assert recall.get_user("bob").external_id == "bob"
    assert recall.get_bot(bot()["id"]).id == bot()["id"]
    assert (server.count("GET", USER), server.count("GET", BOTS)) == (2, 1)


def test_a_short_limit_is_waited_for_once_and_then_served(server: ScriptedRecall) -> None:
    server.script("GET", USERS, answer({}, 429, Retry_After="1"), answer([]))
    began = time.monotonic()
    with open_recall(server.url, SecretStr(KEY), retry_policy=QUICK) as recall:
        assert len(recall.list_users()) == 0
    assert 1 <= time.monotonic() - began < 1.9  # twice would be 2
    assert server.count("GET", USERS) == 2


def test_a_limit_longer_than_our_patience_is_told_at_once_though_there_is_time_to_wait(server: ScriptedRecall) -> None:
    server.script("GET", USERS, answer({}, 429, Retry_After="2"))
    began = time.monotonic()
    with open_recall(server.url, SecretStr(KEY), retry_policy=QUICK) as recall, pytest.raises(RecallLimited):
        recall.list_users()
    assert time.monotonic() - began < 1


def test_a_limit_that_never_ends_is_raised_after_a_few_tries(recall: Recall, server: ScriptedRecall) -> None:
    server.always("GET", USERS, answer({}, 429, Retry_After="0"))
    with pytest.raises(RecallLimited):
        recall.list_users()
    assert server.count("GET", USERS) == 3


def test_a_5xx_that_asks_for_patience_gets_no_second_call_at_once(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", USERS, answer({}, 503, Retry_After="120"))
    with pytest.raises(RecallUnreachable):
        recall.list_users()
    assert server.count("GET", USERS) == 1
    server.script("GET", USERS, html(503), answer([]))
    assert len(recall.list_users()) == 0
