"""What the whole workspace says of single entries that nobody watched."""

from lib.coverage.basis import Unknown
from lib.coverage.frame import frame_of
from lib.coverage.unwatched import Unwatched, unwatched
from lib.recording.outcome import RECORD
from tests.unit.coverage.test_basis import INTERNAL, UNSEEN, Past, explained, row

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
    assert unwatched(frame, keys) == {
        0: Unwatched(UNSEEN, unknown, Unknown.BEFORE_FIRST_BOT),
        10: Unwatched(INTERNAL, off, Unknown.NO),
        11: Unwatched(UNSEEN, unknown, Unknown.NOT_EXCLUDED),
    }
    assert unwatched(frame, [11, 12, 99]) == {11: Unwatched(UNSEEN, unknown, Unknown.NOT_EXCLUDED)}
    assert [told.inferred for told in unwatched(frame, keys).values()] == [False, True, False]


def test_a_frame_that_was_not_looked_at_so_tells_of_nobody() -> None:
    assert unwatched(frame_of([row(some, key) for key, some in enumerate(PAST)]), range(len(PAST))) == {}
