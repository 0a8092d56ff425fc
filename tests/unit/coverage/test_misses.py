"""Misses by who can do something about them, and how many of them are inferred."""

from hypothesis import given
from hypothesis import strategies as st

from lib.coverage.misses import Misses
from lib.coverage.numbers import ReasonCount
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis
from lib.recording.reasons import REASONS, reason_of
from lib.recording.time_part import TimePart

COUNTS = st.lists(
    st.builds(
        ReasonCount,
        st.just(TimePart.ENDED),
        st.sampled_from(REASONS),
        st.integers(1, 500),
        st.sampled_from([Basis.OBSERVED, Basis.INFERRED]),
    ),
    max_size=12,
)


def count(key: str, meetings: int, basis: Basis = Basis.OBSERVED) -> ReasonCount:
    return ReasonCount(TimePart.ENDED, reason_of(key), meetings, basis)


def test_each_reason_counts_where_somebody_can_act_on_it_and_apart_where_it_is_inferred() -> None:
    misses = Misses.of(
        [
            count("internal_not_enabled", 40, Basis.INFERRED),
            count("internal_not_enabled", 5),
            count("no_rules_enabled", 9, Basis.INFERRED),
            count("waiting_room_not_admitted", 7),
            count("bot_not_scheduled", 3),
            count("not_seen_before_start", 2),
        ]
    )
    assert dict(misses.by_outcome) == {
        Outcome.OFF_BY_CHOICE: 45,
        Outcome.FIXABLE: 16,
        Outcome.TECHNICAL: 3,
        Outcome.UNKNOWN: 2,
    }
    assert {outcome: n for outcome, n in misses.inferred.items() if n} == {
        Outcome.OFF_BY_CHOICE: 40,
        Outcome.FIXABLE: 9,
    }
    assert (misses.total, misses.actionable) == (66, 21)
    assert (misses.by_rules, misses.actionable_by_rules) == (49, 9)


@given(COUNTS)
def test_misses_add_up_and_no_part_has_more_that_is_inferred_than_it_has(reasons: list[ReasonCount]) -> None:
    misses = Misses.of(reasons)
    assert misses.total == sum(each.meetings for each in reasons)
    assert misses.by_rules == sum(each.meetings for each in reasons if each.basis is Basis.INFERRED)
    assert misses.actionable == misses.total - misses.by_outcome.get(Outcome.OFF_BY_CHOICE, 0)
    assert all(misses.inferred[outcome] <= n for outcome, n in misses.by_outcome.items())
    assert 0 <= misses.actionable_by_rules <= misses.actionable
