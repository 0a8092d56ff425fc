"""What Coverage says for thirty days after an upgrade that counts differently."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lib.store.recounts import Recount, RecountedMonth
from lib.sync.recount import VERSION
from lib.ui.coverage.page import RECOUNT_REASONS, RECOUNT_SHOWN_FOR, recount_sentence

AT = datetime(2026, 12, 3, 23, 30, tzinfo=UTC)
BERLIN, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")
OCTOBER, SEPTEMBER = RecountedMonth("2026-10", 709, 1000, 716, 1000), RecountedMonth("2026-09", 5, 10, 5, 10)


def test_it_says_since_when_and_which_months_differ_by_how_much() -> None:
    said = recount_sentence(Recount(2, AT, (OCTOBER, SEPTEMBER)), AT, LONDON)
    assert said == (
        "Counted differently since 3 Dec: October 70.9% → 71.6% (709 of 1,000, now 716 of 1,000). "
        "Only the counting has changed."
    )
    assert "since 4 Dec" in recount_sentence(Recount(2, AT, (OCTOBER,)), AT, BERLIN)


@pytest.mark.parametrize("months", [(), (SEPTEMBER,), (OCTOBER, RecountedMonth("2026-11", 1, 2))])
def test_it_says_nothing_where_nothing_differs_or_is_not_counted_yet(months: tuple[RecountedMonth, ...]) -> None:
    assert recount_sentence(Recount(2, AT, months), AT, LONDON) == ""


def test_it_says_nothing_more_after_thirty_days() -> None:
    found = Recount(2, AT, (OCTOBER,))
    assert recount_sentence(found, AT + RECOUNT_SHOWN_FOR, LONDON)
    assert recount_sentence(found, AT + RECOUNT_SHOWN_FOR + timedelta(seconds=1), LONDON) == ""


def test_a_month_that_has_no_meetings_any_more_is_told_in_words() -> None:
    assert "October 50.0% → no data (1 of 2, now 0 of 0)" in recount_sentence(
        Recount(2, AT, (RecountedMonth("2026-10", 1, 2, 0, 0),)), AT, LONDON
    )


def test_the_counting_of_today_says_why() -> None:
    assert VERSION in RECOUNT_REASONS
