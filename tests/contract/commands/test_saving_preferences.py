"""Saving preferences: the right to it, one write at most, and the truth about what became of it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from lib.commands.preferences import save_preferences
from lib.domain import PREFERENCE_FLAGS, CalendarUser, Preferences
from lib.errors import (
    CalendarUserWithoutId,
    ChangedMeanwhile,
    InvalidChange,
    InvalidPreferences,
    NotPermitted,
    RecallBlocked,
    RecallCalendarLost,
    RecallCalendarUnclear,
    RecallError,
    RecallKeyRefused,
    RecallLimited,
    RecallRejected,
    RecallUnreachable,
    StoreError,
    UnknownCalendarUser,
)
from lib.recall_api import Recall, open_recall
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import Store, users
from lib.store.outbox import WriteKind, WriteState
from lib.writes import WriteContext, WriteResult, WriteStep, settle
from tests.contract.commands.conftest import ADMIN, EDITOR, SHOWN, Record
from tests.running import Sandbox

USER = "/api/v1/calendar/user/"
WANTED = replace(SHOWN, record_internal=True)

Save = Callable[..., WriteResult]
Stored = Callable[[], Preferences | None]


@pytest.fixture
def save(store: Store, recall: Recall, editor: StaffMember, user: CalendarUser) -> Save:
    """The editor saves `wanted` for the user, having seen `shown`."""

    def saving(wanted: Preferences = WANTED, *, shown: Preferences = SHOWN, **more: Any) -> WriteResult:
        return save_preferences(WriteContext(store, recall), editor, user, shown, wanted, **more)

    return saving


@pytest.fixture
def stored(recall: Recall, user: CalendarUser, sandbox: Sandbox) -> Stored:
    """What Recall has now, whatever went wrong before."""

    def look() -> Preferences | None:
        sandbox.heal()
        return recall.get_user(str(user.external_id)).preferences

    return look


def writes(sandbox: Sandbox) -> int:
    return len(sandbox.asked("PUT", USER))


@pytest.mark.parametrize("member", [EDITOR, ADMIN])
def test_what_was_wanted_is_written_once_and_read_back(
    store: Store, recall: Recall, user: CalendarUser, sandbox: Sandbox, stored: Stored, member: StaffMember
) -> None:
    saved = save_preferences(WriteContext(store, recall), member, user, SHOWN, WANTED)
    assert saved.state is WriteState.APPLIED
    assert saved.user is not None
    assert saved.user.preferences == WANTED == stored()
    assert [asked["method"] for asked in sandbox.asked(path=USER)] == ["GET", "PUT", "GET", "GET"]


def test_an_answer_lost_after_the_write_is_settled_by_reading(save: Save, sandbox: Sandbox, stored: Stored) -> None:
    sandbox.break_calls(USER, method="PUT", lose_answer=True)
    assert save().state is WriteState.APPLIED
    assert writes(sandbox) == 1
    assert stored() == WANTED


@pytest.mark.parametrize("how", [{"drop": True}, {"status": 502}, {"html200": True}])
def test_a_write_that_never_arrived_is_told_as_not_applied_and_not_repeated(
    save: Save, sandbox: Sandbox, stored: Stored, how: dict[str, Any]
) -> None:
    sandbox.break_calls(USER, method="PUT", **how)
    assert save().state is WriteState.NOT_APPLIED
    assert writes(sandbox) == 1
    assert stored() == SHOWN


def test_half_an_answer_to_the_write_is_settled_by_reading(save: Save, sandbox: Sandbox) -> None:
    sandbox.break_calls(USER, method="PUT", truncate=True)
    assert save().state is WriteState.APPLIED
    assert writes(sandbox) == 1


@pytest.mark.parametrize("lost", [False, True])
def test_what_cannot_be_read_back_is_unknown_and_not_repeated(
    save: Save, sandbox: Sandbox, stored: Stored, user: CalendarUser, lost: bool
) -> None:
    # The look before the write is answered by this very fault, so that all later ones are not.
    before: dict[str, Any] = {
        "id": user.id,
        "external_id": user.external_id,
        "connections": [],
        "preferences": _sent(SHOWN),
    }
    sandbox.break_calls(USER, method="GET", status=200, body=before)
    sandbox.break_calls(USER, method="GET", status=503, times=None)
    if lost:
        sandbox.break_calls(USER, method="PUT", lose_answer=True)
    saved = save()
    assert saved.state is WriteState.UNKNOWN
    assert saved.user is None
    assert writes(sandbox) == 1
    assert stored() == WANTED


def test_a_second_click_writes_nothing_and_says_that_it_is_applied(save: Save, sandbox: Sandbox) -> None:
    save()
    sandbox.forget_asked()
    again = save()
    assert again.state is WriteState.APPLIED
    assert again.user is not None
    assert again.user.preferences == WANTED
    assert writes(sandbox) == 0


def test_after_a_lost_answer_a_second_click_writes_nothing_either(save: Save, sandbox: Sandbox) -> None:
    sandbox.break_calls(USER, method="PUT", lose_answer=True)
    save()
    assert save().state is WriteState.APPLIED
    assert writes(sandbox) == 1


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    save: Save, recall: Recall, user: CalendarUser, sandbox: Sandbox, stored: Stored
) -> None:
    theirs = Preferences(record_recurring=True, bot_name="Theirs")
    recall.update_preferences(str(user.external_id), theirs)
    sandbox.forget_asked()
    with pytest.raises(ChangedMeanwhile):
        save()
    assert writes(sandbox) == 0
    assert stored() == theirs


def test_a_bot_name_changed_meanwhile_counts_as_changed(
    save: Save, recall: Recall, user: CalendarUser, sandbox: Sandbox
) -> None:
    recall.update_preferences(str(user.external_id), replace(SHOWN, bot_name="Theirs"))
    sandbox.forget_asked()
    with pytest.raises(ChangedMeanwhile):
        save()
    assert writes(sandbox) == 0


@pytest.mark.parametrize("taken_away", ["nothing", "the role", "the account"])
def test_who_may_not_change_preferences_is_told_who_may_and_recall_hears_nothing(
    store: Store,
    recall: Recall,
    viewer: StaffMember,
    editor: StaffMember,
    user: CalendarUser,
    sandbox: Sandbox,
    taken_away: str,
) -> None:
    """What the session saw of the editor a moment ago does not count."""
    somebody = viewer if taken_away == "nothing" else editor
    if taken_away == "the role":
        accounts.change(store, editor.name, role=Role.VIEWER)
    elif taken_away == "the account":
        accounts.disable(store, editor.name)
    with pytest.raises(NotPermitted) as raised:
        save_preferences(WriteContext(store, recall), somebody, user, SHOWN, WANTED)
    assert raised.value.needs == Role.EDITOR
    assert sandbox.asked() == []


def test_nothing_to_change_sends_nothing(save: Save, sandbox: Sandbox) -> None:
    with pytest.raises(InvalidPreferences, match="Nothing differs"):
        save(SHOWN)
    assert sandbox.asked() == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Give the bot a name"),
        ("   ", "Give the bot a name"),
        ("N" * 300, "300 characters"),
        ("<b>Notes</b>", "looks like code"),
        ("<script>alert(1)</script>", "looks like code"),
        ("Notes\nand more", "cannot be shown"),
        ("\u202enotes", "cannot be shown"),
    ],
)
def test_a_bot_name_that_will_not_do_is_refused_before_anything_is_sent(
    save: Save, sandbox: Sandbox, name: str, sentence: str
) -> None:
    with pytest.raises(InvalidPreferences, match=sentence):
        save(replace(SHOWN, bot_name=name))
    assert sandbox.asked() == []


@pytest.mark.parametrize("name", ["Notes", "Ada's notes & minutes", "議事録ボット", "Ж" * 100, "Bot 🎥"])
def test_only_the_bot_name_is_changed(save: Save, stored: Stored, name: str) -> None:
    assert save(replace(SHOWN, bot_name=name)).state is WriteState.APPLIED
    assert stored() == replace(SHOWN, bot_name=name)


def test_blanks_around_a_bot_name_are_left_out_as_recall_does(save: Save, stored: Stored) -> None:
    assert save(replace(SHOWN, bot_name="  Notes ")).state is WriteState.APPLIED
    assert stored() == replace(SHOWN, bot_name="Notes")


def test_a_bot_name_that_differs_by_blanks_alone_is_no_change(save: Save, sandbox: Sandbox) -> None:
    with pytest.raises(InvalidPreferences, match="Nothing differs"):
        save(replace(SHOWN, bot_name=f"{SHOWN.bot_name} "))
    assert sandbox.asked() == []


def test_a_stored_name_that_we_would_not_send_does_not_stand_in_the_way_of_the_flags(
    save: Save, recall: Recall, stored: Stored, user: CalendarUser
) -> None:
    odd = replace(SHOWN, bot_name="Notes -- <internal>")
    recall.update_preferences(str(user.external_id), odd)
    assert save(replace(odd, record_internal=True), shown=odd).state is WriteState.APPLIED
    assert stored() == replace(odd, record_internal=True)


ODD = [dict(zip(PREFERENCE_FLAGS, on, strict=True)) for on in product((False, True), repeat=6) if sum(on) in (0, 3, 6)]


def test_all_six_flags_are_sent_whatever_stood_there_before(
    save: Save, recall: Recall, user: CalendarUser, stored: Stored
) -> None:
    for flags in ODD:
        wanted = Preferences(**flags, bot_name=SHOWN.bot_name)
        opposite = Preferences(**{name: not on for name, on in flags.items()}, bot_name=SHOWN.bot_name)
        recall.update_preferences(str(user.external_id), opposite)
        assert save(wanted, shown=opposite).state is WriteState.APPLIED
        assert stored() == wanted


@pytest.mark.parametrize("name", ["onerror=1", "see http://localhost/x"])
def test_what_the_firewall_blocks_is_told_as_such_and_nothing_was_changed(
    save: Save, sandbox: Sandbox, stored: Stored, name: str
) -> None:
    with pytest.raises(RecallBlocked):
        save(replace(WANTED, bot_name=name))
    assert writes(sandbox) == 1
    assert stored() == SHOWN


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"retry_after": 3600}, RecallLimited),
        ({"status": 400, "body": {"preferences": {"bot_name": ["No."]}}}, RecallRejected),
    ],
)
def test_a_plain_refusal_of_the_write_is_raised_and_nothing_was_changed(
    save: Save, sandbox: Sandbox, stored: Stored, how: dict[str, Any], problem: type[RecallError]
) -> None:
    sandbox.break_calls(USER, method="PUT", **how)
    with pytest.raises(problem):
        save()
    assert writes(sandbox) == 1
    if problem is not RecallLimited:  # that one closes the user's budget for the hour
        assert stored() == SHOWN


@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_a_change_that_meets_a_lost_calendar_says_so_and_the_lost_calendar_is_known_at_once(
    save: Save, sandbox: Sandbox, stored: Stored, store: Store, user: CalendarUser, method: str
) -> None:
    """422, whether it comes to the write or to the look before it (contract N2)."""
    sandbox.control("POST", "connections/", {"user": user.external_id, "platform": "google", "connected": False})
    sandbox.break_calls(USER, method=method, status=422, body={"detail": "Unprocessable."})
    with pytest.raises(RecallCalendarLost, match="Nothing was changed; connect the calendar again"):
        save()
    assert writes(sandbox) == (1 if method == "PUT" else 0)
    assert stored() == SHOWN
    with store.read() as connection:
        row = users.find(connection, user.id)
    assert row is not None
    assert [calendar.platform for calendar in row.user.lost] == ["google"]


def test_a_change_refused_though_all_is_connected_says_what_recall_answers_and_nothing_was_changed(
    save: Save, sandbox: Sandbox, stored: Stored
) -> None:
    sandbox.break_calls(USER, method="PUT", status=422, body={"detail": "Unprocessable."})
    with pytest.raises(
        RecallCalendarUnclear, match=r"status 422.*connected\. Nothing was changed; try again"
    ) as caught:
        save()
    assert caught.value.fields == {"detail": ("Unprocessable.",)}
    assert (writes(sandbox), stored()) == (1, SHOWN)


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"status": 503, "times": None}, RecallUnreachable),
        ({"drop": True, "times": None}, RecallUnreachable),
        ({"retry_after": 3600}, RecallLimited),
    ],
)
def test_when_recall_cannot_be_read_first_nothing_is_written(
    save: Save, sandbox: Sandbox, how: dict[str, Any], problem: type[RecallError]
) -> None:
    sandbox.break_calls(USER, method="GET", **how)
    with pytest.raises(problem):
        save()
    assert writes(sandbox) == 0


def test_a_key_that_recall_refuses_is_told_and_nothing_is_written(
    store: Store, sandbox: Sandbox, editor: StaffMember, user: CalendarUser
) -> None:
    with open_recall(sandbox.url, SecretStr("of-another-region")) as recall, pytest.raises(RecallKeyRefused):
        save_preferences(WriteContext(store, recall), editor, user, SHOWN, WANTED)
    assert writes(sandbox) == 0


def test_a_user_without_external_id_cannot_be_changed_and_nothing_is_sent(
    store: Store, recall: Recall, editor: StaffMember, user: CalendarUser, sandbox: Sandbox
) -> None:
    with pytest.raises(CalendarUserWithoutId):
        save_preferences(WriteContext(store, recall), editor, replace(user, external_id=None), SHOWN, WANTED)
    assert sandbox.asked() == []


def _sent(preferences: Preferences) -> dict[str, Any]:
    return {**preferences.flags, "bot_name": preferences.bot_name}


def test_what_recall_has_after_a_change_is_in_the_store_for_every_server(
    save: Save, store: Store, user: CalendarUser
) -> None:
    save()
    with store.read() as connection:
        row = users.find(connection, user.id)
    assert row is not None
    assert row.user.preferences == WANTED


def test_what_somebody_else_changed_meanwhile_is_in_the_store_too(
    save: Save, recall: Recall, store: Store, user: CalendarUser
) -> None:
    other = replace(SHOWN, record_recurring=True)
    recall.update_preferences(str(user.external_id), other)
    with pytest.raises(ChangedMeanwhile):
        save()
    with store.read() as connection:
        row = users.find(connection, user.id)
    assert row is not None
    assert row.user.preferences == other


def test_with_a_store_that_cannot_be_written_nothing_is_sent(
    save: Save, store: Store, sandbox: Sandbox, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as another:
        another.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError):
            save()
    assert writes(sandbox) == 0


@pytest.mark.parametrize("step", [None, *WriteStep])
def test_with_a_store_that_is_taken_away_nothing_is_sent_that_is_not_in_the_record_and_its_end_is_found_out(
    save: Save, context: WriteContext, sandbox: Sandbox, record: Record, tmp_path: Path, step: WriteStep | None
) -> None:
    def take_away(reached: WriteStep | None) -> None:
        if reached is step:
            (tmp_path / "desk.db").rename(tmp_path / "kept")

    take_away(None)
    is_sent = step is not None and list(WriteStep).index(step) >= list(WriteStep).index(WriteStep.SENDING)
    with nullcontext() if is_sent else pytest.raises(StoreError, match="deleted or replaced while it was in use"):
        save(progress=take_away)
    assert not (tmp_path / "desk.db").exists()
    assert writes(sandbox) == int(is_sent)
    (tmp_path / "kept").rename(tmp_path / "desk.db")
    settle(
        WriteContext(context.store, context.recall, lambda: datetime.now(UTC) + timedelta(minutes=4))
    )  # its turn is over
    assert [change.state for change in record()] == {
        None: [],
        WriteStep.READ: [],
        WriteStep.RECORDED: [WriteState.NOT_APPLIED],
    }.get(step, [WriteState.APPLIED])
    assert writes(sandbox) == int(is_sent)


def test_the_record_says_who_what_why_and_when(save: Save, record: Record) -> None:
    result = save(why="The customer asked")
    [change] = record()
    assert (change.seq, change.kind, change.actor, change.why) == (
        result.seq,
        WriteKind.PREFERENCES,
        "dana",
        "The customer asked",
    )
    assert (change.before, change.after) == (_sent(SHOWN), _sent(WANTED))
    assert (change.state, change.note, change.entry_id, change.undone) == (WriteState.APPLIED, None, None, False)
    assert change.sent_at is not None
    assert change.closed_at is not None
    assert change.made_at <= change.sent_at <= change.closed_at


@pytest.mark.parametrize(
    ("how", "state"),
    [
        ({"lose_answer": True}, WriteState.APPLIED),
        ({"drop": True}, WriteState.NOT_APPLIED),
        ({"retry_after": 3600}, WriteState.NOT_APPLIED),
        ({"status": 400, "body": {"detail": "No."}}, WriteState.NOT_APPLIED),
        ({"status": 403, "body": "<html>"}, WriteState.NOT_APPLIED),
    ],
)
def test_whatever_becomes_of_the_write_the_record_is_closed(
    save: Save, sandbox: Sandbox, record: Record, how: dict[str, Any], state: WriteState
) -> None:
    sandbox.break_calls(USER, method="PUT", **how)
    with suppress(RecallError):
        save()
    [change] = record()
    assert (change.state, change.closed_at is not None) == (state, True)
    refused = "retry_after" in how or how.get("status") in (400, 403)
    assert (change.note is not None) is refused


def test_what_was_refused_before_it_was_made_is_not_in_the_record(
    save: Save, recall: Recall, user: CalendarUser, record: Record
) -> None:
    recall.update_preferences(str(user.external_id), Preferences(record_recurring=True))
    with pytest.raises(ChangedMeanwhile):
        save()
    assert record() == ()


def test_a_second_click_is_answered_with_the_record_of_the_first(save: Save, record: Record) -> None:
    first, again = save(), save()
    assert (again.already, again.seq) == (True, first.seq)
    assert [change.seq for change in record()] == [first.seq]


def test_what_somebody_did_elsewhere_is_so_already_without_a_record(
    save: Save, recall: Recall, user: CalendarUser, record: Record
) -> None:
    recall.update_preferences(str(user.external_id), WANTED)
    assert (save().already, save().seq, record()) == (True, None, ())


def test_what_somebody_put_back_elsewhere_is_not_answered_with_an_older_record(
    save: Save, recall: Recall, user: CalendarUser
) -> None:
    other = replace(SHOWN, record_recurring=True)
    save()
    save(other, shown=WANTED)
    recall.update_preferences(str(user.external_id), WANTED)
    result = save(WANTED, shown=other)
    assert (result.already, result.seq) == (True, None)


def test_a_name_that_recall_would_refuse_is_not_sent_with_the_flags(
    store: Store, recall: Recall, editor: StaffMember, sandbox: Sandbox
) -> None:
    added = sandbox.add_user("odd-name", email="odd@acme.example", preferences={"bot_name": "see http://localhost/x"})
    user = recall.get_user(added["external_id"])
    assert user.preferences is not None
    wanted = replace(user.preferences, record_internal=True)
    assert (
        save_preferences(WriteContext(store, recall), editor, user, user.preferences, wanted).state
        is WriteState.APPLIED
    )


def test_a_user_who_was_deleted_and_made_again_elsewhere_is_another_one(
    save: Save, recall: Recall, user: CalendarUser, sandbox: Sandbox, record: Record
) -> None:
    recall.delete_user(str(user.external_id))
    again = sandbox.add_user(user.external_id, email="somebody@acme.example")
    assert again["id"] != user.id
    with pytest.raises(UnknownCalendarUser):
        save()
    assert writes(sandbox) == 0
    assert record() == ()


@pytest.mark.parametrize(("why", "kept"), [("  Because.\n", "Because."), ("   ", None), (None, None)])
def test_a_reason_is_kept_without_blanks_around_it(save: Save, record: Record, why: str | None, kept: str) -> None:
    save(why=why)
    assert [change.why for change in record()] == [kept]


def test_a_reason_that_has_no_end_is_refused_before_anything_is_asked(save: Save, sandbox: Sandbox) -> None:
    with pytest.raises(InvalidChange, match="at most 300"):
        save(why="x" * 301)
    assert sandbox.asked() == []


def test_a_role_taken_away_while_recall_is_looked_at_sends_nothing(
    save: Save, store: Store, editor: StaffMember, sandbox: Sandbox, record: Record
) -> None:
    def take_away(step: WriteStep) -> None:
        accounts.change(store, editor.name, role=Role.VIEWER)

    with pytest.raises(NotPermitted):
        save(progress=take_away)
    assert writes(sandbox) == 0
    assert record() == ()


def test_when_the_store_fails_after_the_write_recalls_answer_counts_and_the_record_is_closed_later(
    save: Save, store: Store, recall: Recall, sandbox: Sandbox, record: Record, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as another:

        def then_lock(step: WriteStep) -> None:
            if step is WriteStep.ANSWERED:
                another.execute("BEGIN IMMEDIATE")

        assert save(progress=then_lock).state is WriteState.APPLIED
    assert [change.state for change in record()] == [WriteState.OPEN]
    settle(
        WriteContext(store, recall, lambda: datetime.now(UTC) + timedelta(hours=1))
    )  # its turn could not be given back
    assert [change.state for change in record()] == [WriteState.APPLIED]
    assert writes(sandbox) == 1


class PaceThatBreaks:
    """Lets every call go until the store behind it cannot be written."""

    def __init__(self) -> None:
        self.is_broken = False

    def wait(self, budget: tuple[str, str], per_minute: int, longest: float) -> None:
        if self.is_broken:
            raise StoreError("The store is locked.")

    def close(self, budget: tuple[str, str], until: datetime) -> None:
        """Nothing is closed here."""


@pytest.mark.parametrize(
    ("breaks_at", "applied"), [(WriteStep.ANSWERED, WriteState.UNKNOWN), (WriteStep.SENDING, None)]
)
def test_when_the_pace_fails_before_the_write_nothing_was_sent_and_after_it_nobody_knows(
    store: Store,
    editor: StaffMember,
    user: CalendarUser,
    sandbox: Sandbox,
    record: Record,
    breaks_at: WriteStep,
    applied: WriteState | None,
) -> None:
    pace = PaceThatBreaks()

    def then_break(step: WriteStep) -> None:
        pace.is_broken = step is breaks_at

    with open_recall(sandbox.url, SecretStr(sandbox.key), rate_limiter=pace) as recall:
        if applied is None:
            with pytest.raises(StoreError):
                save_preferences(WriteContext(store, recall), editor, user, SHOWN, WANTED, progress=then_break)
        else:
            saved = save_preferences(WriteContext(store, recall), editor, user, SHOWN, WANTED, progress=then_break)
            assert (saved.state, saved.user) == (applied, None)
    assert [change.state for change in record()] == [WriteState.OPEN if applied else WriteState.NOT_APPLIED]
    assert writes(sandbox) == (1 if applied else 0)
