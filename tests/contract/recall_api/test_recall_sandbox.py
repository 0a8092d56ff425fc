"""The client against the sandbox, as it runs beside the dashboard: a process of its own, over real sockets."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from pydantic import SecretStr

from lib.domain import CalendarUser, Entry, Preferences
from lib.errors import (
    RecallBlocked,
    RecallError,
    RecallKeyRefused,
    RecallLimited,
    RecallNotFound,
    RecallOutcomeUnknown,
    RecallRejected,
    RecallUnreachable,
    RecallUnreadable,
    UnknownCalendarUser,
)
from lib.recall_api import Recall, open_recall
from tests.contract.recall_api.conftest import QUICK
from tests.running import Sandbox, running_sandbox

KEY = "sandbox-key"
EVERYTHING = Preferences(record_external=True, record_internal=True)
CALENDAR = "/api/v1/calendar"
NUMBERS = count(1)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), users=20, meetings=40) as running:
        running.control("POST", "settings/", {"booking_lag_seconds": 0})
        yield running


@pytest.fixture
def desk(sandbox: Sandbox) -> Iterator[Recall]:
    with open_recall(sandbox.url, SecretStr(KEY), retry_policy=replace(QUICK, total_seconds=3)) as recall:
        yield recall
    sandbox.control("DELETE", "faults/")


@pytest.fixture
def ann(sandbox: Sandbox) -> str:
    """A user of this test alone, with a Google calendar and nothing to record; answers her external id."""
    external_id = f"ann-{next(NUMBERS)}"
    connection = {"platform": "google", "email": f"{external_id}@acme.example", "connected": True}
    sandbox.control("POST", "users/", {"external_id": external_id, "connections": [connection]})
    return external_id


def add_meeting(sandbox: Sandbox, user: str) -> str:
    """A meeting of the user's in an hour; answers its id."""
    added = sandbox.control("POST", "meetings/", {"user": user, "title": "Quarterly <b>review</b>"})
    return str(added["id"])


def meetings_of(recall: Recall, user: str) -> dict[str, Entry]:
    now = datetime.now(UTC)
    return {e.id: e for e in recall.list_meetings(user, now - timedelta(days=60), now + timedelta(days=28))}


def asked(sandbox: Sandbox, method: str, path: str) -> int:
    return len(sandbox.control("GET", f"log/?method={method}&path={CALENDAR}/{path}"))


def test_every_user_and_meeting_of_the_world_can_be_read(desk: Recall) -> None:
    users = desk.list_users()
    assert len(users) >= 20
    assert (users.unreadable, users.odd, users.complete) == ((), 0, True)
    now = datetime.now(UTC)
    for user in users:
        if user.external_id:
            found = desk.list_meetings(user.external_id, now - timedelta(days=60), now + timedelta(days=28))
            assert (found.unreadable, found.odd, found.complete) == ((), 0, True)


def test_every_bot_of_a_week_can_be_read(desk: Recall) -> None:
    now = datetime.now(UTC)
    pages = list(desk.list_bots(now, now + timedelta(days=7)))
    assert [(page.unreadable, page.odd, page.complete) for page in pages] == [((), 0, True)] * len(pages)


def test_the_main_job_from_preferences_to_a_booked_bot(desk: Recall, sandbox: Sandbox, ann: str) -> None:
    id = add_meeting(sandbox, ann)
    assert not meetings_of(desk, ann)[id].will_record

    saved = desk.update_preferences(ann, replace(EVERYTHING, bot_name="Acme Notes"))
    assert saved.preferences == replace(EVERYTHING, bot_name="Acme Notes")
    booked = desk.get_meeting(ann, id)
    assert booked.will_record
    assert booked.bot_id is not None
    bot = desk.get_bot(booked.bot_id)
    assert id in {entry.entry_id for entry in bot.entries}

    assert not desk.update_override(ann, id, False).will_record
    assert desk.get_meeting(ann, id).override_should_record is False
    assert desk.update_override(ann, id, None).will_record
    assert id in {entry.id for entry in desk.refresh_meetings(ann)}


def test_saving_without_a_name_keeps_the_one_that_is_there(desk: Recall, ann: str) -> None:
    desk.update_preferences(ann, replace(EVERYTHING, bot_name="Acme Notes"))
    assert desk.update_preferences(ann, EVERYTHING).preferences == replace(EVERYTHING, bot_name="Acme Notes")


def test_disconnecting_and_deleting(desk: Recall, sandbox: Sandbox, ann: str) -> None:
    assert [c.platform for c in desk.get_user(ann).connected] == ["google"]
    assert desk.disconnect(ann, "google").connected == ()
    desk.delete_user(ann)
    with pytest.raises(UnknownCalendarUser):
        desk.get_user(ann)
    assert ann not in {user.external_id for user in desk.list_users()}


def test_another_users_meeting_is_not_found(desk: Recall, sandbox: Sandbox, ann: str) -> None:
    stranger = next(
        u for u in desk.list_users() if u.external_id and u.external_id != ann and meetings_of(desk, u.external_id)
    )
    assert stranger.external_id
    theirs = next(iter(meetings_of(desk, stranger.external_id)))
    with pytest.raises(RecallNotFound):
        desk.get_meeting(ann, theirs)


def test_a_platform_that_is_none_is_refused_by_field(desk: Recall, ann: str) -> None:
    with pytest.raises(RecallRejected) as caught:
        desk.disconnect(ann, "outlook")
    assert "platform" in caught.value.fields


def test_a_bot_name_with_markup_meets_the_firewall_or_is_kept(desk: Recall, ann: str) -> None:
    hostile = replace(EVERYTHING, bot_name="<script>alert(1)</script>")
    try:
        saved = desk.update_preferences(ann, hostile)
    except RecallBlocked:
        return
    assert saved.preferences == hostile


def test_nobody_unknown_is_created(desk: Recall, sandbox: Sandbox) -> None:
    before = len(desk.list_users())
    with pytest.raises(UnknownCalendarUser):
        desk.get_user("nobody")
    assert len(desk.list_users()) == before


def test_a_wrong_key_is_said_as_such(sandbox: Sandbox) -> None:
    with (
        open_recall(sandbox.url, SecretStr("another-key"), retry_policy=QUICK) as recall,
        pytest.raises(RecallKeyRefused),
    ):
        recall.list_users()


def test_a_token_that_recall_finds_too_old_is_replaced(desk: Recall, sandbox: Sandbox, ann: str) -> None:
    desk.get_user(ann)
    sandbox.control("POST", "clock/", {"advance_seconds": 25 * 3600})
    try:
        assert desk.get_user(ann).external_id == ann
    finally:
        sandbox.control("POST", "clock/", {"advance_seconds": -25 * 3600})


@pytest.mark.parametrize("fault", [{"status": 502}, {"status": 503}, {"drop": True}, {"truncate": True}])
def test_a_read_survives_one_fault(desk: Recall, sandbox: Sandbox, ann: str, fault: dict[str, object]) -> None:
    desk.get_user(ann)
    sandbox.control("POST", "faults/", {"method": "GET", "path": f"{CALENDAR}/user/"} | fault)
    assert desk.get_user(ann).external_id == ann


FAULTS: list[tuple[dict[str, object], type[RecallError]]] = [
    ({"status": 502}, RecallUnreachable),
    ({"drop": True}, RecallUnreachable),
    ({"truncate": True}, RecallUnreadable),
    ({"html200": True}, RecallUnreadable),
    ({"slow_body": 20}, RecallUnreachable),
    ({"status": 403}, RecallBlocked),
    ({"retry_after": "3600"}, RecallLimited),
    ({"retry_after": "soon"}, RecallLimited),
]


@pytest.mark.parametrize(("fault", "error"), FAULTS, ids=str)
def test_a_lasting_fault_is_a_typed_error_and_the_next_call_is_served(
    desk: Recall, sandbox: Sandbox, ann: str, fault: dict[str, object], error: type[RecallError]
) -> None:
    desk.get_user(ann)
    sandbox.control("POST", "faults/", {"method": "GET", "path": f"{CALENDAR}/user/", "times": None} | fault)
    with pytest.raises(error):
        desk.get_user(ann)
    sandbox.control("DELETE", "faults/")
    with open_recall(sandbox.url, SecretStr(KEY), retry_policy=QUICK) as later:
        assert later.get_user(ann).external_id == ann


@pytest.mark.parametrize(("fault", "applied"), [("lose_answer", True), ("truncate", True), ("drop", False)])
def test_a_write_whose_answer_is_lost_is_sent_once_and_reading_back_tells(
    desk: Recall, sandbox: Sandbox, ann: str, fault: str, applied: bool
) -> None:
    desk.get_user(ann)
    before = asked(sandbox, "PUT", "user/")
    sandbox.control("POST", "faults/", {"method": "PUT", "path": f"{CALENDAR}/user/", fault: True})
    with pytest.raises(RecallOutcomeUnknown):
        desk.update_preferences(ann, EVERYTHING)
    assert asked(sandbox, "PUT", "user/") == before + 1
    stored = desk.get_user(ann).preferences
    assert stored is not None
    assert (stored.flags == EVERYTHING.flags) is applied


@pytest.mark.parametrize(("fault", "applied"), [("lose_answer", True), ("drop", False)])
def test_a_lost_deletion_is_settled_by_asking_again_and_creates_nobody(
    desk: Recall, sandbox: Sandbox, ann: str, fault: str, applied: bool
) -> None:
    sandbox.control("POST", "faults/", {"method": "DELETE", "path": f"{CALENDAR}/user/", fault: True})
    with pytest.raises(RecallOutcomeUnknown):
        desk.delete_user(ann)
    assert (ann not in {user.external_id for user in desk.list_users()}) is applied
    desk.delete_user(ann)
    assert ann not in {user.external_id for user in desk.list_users()}


def test_each_endpoint_sees_the_one_credential_it_takes(desk: Recall, sandbox: Sandbox, ann: str) -> None:
    sandbox.control("DELETE", "log/")
    meetings_of(desk, ann)
    desk.update_preferences(ann, EVERYTHING)
    seen = {(entry["path"].removeprefix(CALENDAR), entry["credential"]) for entry in sandbox.control("GET", "log/")}
    assert {path for path, _ in seen} == {"/users/", "/authenticate/", "/meetings/", "/user/"}
    kinds = dict(seen)
    assert len(kinds) == len(seen) == 4
    assert kinds["/users/"] == kinds["/authenticate/"] != kinds["/meetings/"] == kinds["/user/"]


def test_the_sixty_first_list_of_a_minute_is_limited_and_others_are_not(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    retry_policy = replace(QUICK, longest_wait_seconds=0)
    with (
        running_sandbox(tmp_path_factory.mktemp("limited"), users=3, meetings=2, limits=True) as limited,
        open_recall(limited.url, SecretStr(KEY), retry_policy=retry_policy) as recall,
    ):
        users: list[CalendarUser] = []
        for _ in range(60):
            users = list(recall.list_users())
        with pytest.raises(RecallLimited) as caught:
            recall.list_users()
        wait = caught.value.retry_at - datetime.now(UTC)
        assert timedelta(seconds=20) < wait <= timedelta(seconds=60)
        known = next(user.external_id for user in users if user.external_id)
        assert recall.get_user(known).external_id == known
