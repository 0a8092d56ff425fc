"""What the whole workspace says of single entries that nobody watched."""

from lib.coverage.frame import frame_of
from lib.coverage.inferred_reasons import UnknownCause, UnwatchedEntry, unwatched_entries
from lib.recording.verdict import RECORD
from tests.unit.coverage.test_inferred_reasons import INTERNAL, UNSEEN, Past, explained, row

WATCHED = Past("carl", 8, None)
PAST = [
    Past("anna", 30, "external_not_enabled"),
    *(Past("anna", 20 - hour, RECORD, bot=f"bot-{hour}") for hour in range(9)),
    Past("anna", 5, INTERNAL),
    Past("anna", 4, RECORD),
    WATCHED,
]


def test_each_entry_that_nobody_watched_is_told_by_its_key_and_none_besides() -> None:
    frame = explained(PAST)
    keys = range(len(PAST))
    off, unknown = "off_by_choice", "unknown"
    assert unwatched_entries(frame, keys) == {
        0: UnwatchedEntry(UNSEEN, unknown, UnknownCause.BEFORE_FIRST_BOT),
        10: UnwatchedEntry(INTERNAL, off, UnknownCause.NO),
        11: UnwatchedEntry(UNSEEN, unknown, UnknownCause.NOT_EXCLUDED),
    }
    assert unwatched_entries(frame, [11, 12, 99]) == {11: UnwatchedEntry(UNSEEN, unknown, UnknownCause.NOT_EXCLUDED)}
    assert [told.inferred for told in unwatched_entries(frame, keys).values()] == [False, True, False]


def test_a_frame_that_was_not_looked_at_so_tells_of_nobody() -> None:
    assert unwatched_entries(frame_of([row(some, key) for key, some in enumerate(PAST)]), range(len(PAST))) == {}
