"""What a 422 comes to, by what is connected."""

from hypothesis import given
from hypothesis import strategies as st

from lib.domain import CalendarUser, Connection
from lib.errors import RecallCalendarLost, RecallCalendarUnclear
from lib.writes.lost_calendar import meaning

WORDS = {"detail": ("No.",)}
CONNECTED = Connection("google", True, "ann@acme.example")
LOST = Connection("microsoft", False, "ann@acme.example")
NEVER_THERE = Connection("microsoft", False, None)
LET_GO = Connection("microsoft", False, "ann@acme.example", let_go=True)


def told(*connections: Connection) -> type[Exception]:
    return type(meaning(RecallCalendarLost(WORDS), CalendarUser("id", "ann", connections)))


def test_it_is_lost_unless_all_that_was_ever_connected_is() -> None:
    assert told() is RecallCalendarLost
    assert told(LOST) is RecallCalendarLost
    assert told(NEVER_THERE) is RecallCalendarLost
    assert told(LET_GO) is RecallCalendarLost
    assert told(CONNECTED, LOST) is RecallCalendarLost
    assert told(CONNECTED) is RecallCalendarUnclear
    assert told(CONNECTED, NEVER_THERE) is RecallCalendarUnclear
    assert told(CONNECTED, LET_GO) is RecallCalendarUnclear


@given(st.lists(st.sampled_from([CONNECTED, LOST, NEVER_THERE, LET_GO]), max_size=4))
def test_recalls_words_go_with_it_and_the_order_of_calendars_makes_no_difference(connections: list[Connection]) -> None:
    forth, back = (
        meaning(RecallCalendarLost(WORDS), CalendarUser("id", "ann", tuple(intent)))
        for intent in (connections, connections[::-1])
    )
    assert type(forth) is type(back)
    assert isinstance(forth, RecallCalendarLost | RecallCalendarUnclear)
    assert forth.fields == WORDS
