"""What the rules first seen may explain of a past that nobody watched, against plain loops over the same sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lib.coverage.frame import EntryRow, frame_of
from lib.coverage.inferred_reasons import RuleAgreement, UnknownCause, rule_agreement, with_inferred_reasons
from lib.coverage.numbers import ReasonCount, numbers
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis
from lib.recording.reasons import reason_of
from lib.recording.time_part import TimePart
from lib.recording.verdict import RECORD, UNSAID
from tests.unit.recording.making import HOUR, NOW

CUSTOMER = {"anna": "acme", "ben": "acme", "carl": "globex", "abe": None}
INTERNAL, NOTHING_ON = "internal_not_enabled", "no_rules_enabled"
UNSEEN = "not_seen_before_start"


@dataclass(frozen=True)
class Past:
    """An ended, recordable entry. `rules` None: it was watched."""

    user: str
    hours_ago: float
    rules: str | None
    bot: str | None = None
    uid: str | None = None

    @property
    def start(self) -> datetime:
        return NOW - self.hours_ago * HOUR


def row(some: Past, key: int = 0) -> EntryRow:
    booked = some.bot is not None
    unseen = None if booked else "internal_not_enabled" if some.rules is None else UNSEEN
    return EntryRow(
        user=some.user,
        customer=CUSTOMER[some.user],
        ical_uid=some.uid,
        start=some.start,
        end=some.start,
        recordable=True,
        will_record=False,
        booked=booked,
        recorded=booked,
        partial=False,
        empty=False,
        unsettled=False,
        did_not_happen=False,
        asked=booked,
        outcome=Outcome.RECORDED if booked else Outcome.UNKNOWN,
        reason=unseen,
        by_rules=some.rules,
        owner="nobody",
        bot=some.bot,
        key=key,
    )


def explained(past: Iterable[Past]) -> pd.DataFrame:
    return with_inferred_reasons(frame_of(row(some, key) for key, some in enumerate(past)))


def causes(past: Sequence[Past]) -> list[str | None]:
    """The inferred reason of each; None where it has none."""
    frame = explained(past).set_index("key")
    return [frame["reason"][key] if frame["inferred"][key] else None for key in range(len(past))]


def why(past: Sequence[Past]) -> list[UnknownCause]:
    frame = explained(past).set_index("key")
    return [UnknownCause(frame["unknown"][key]) for key in range(len(past))]


def with_a_bot(user: str = "anna", hours_ago: float = 500, bot: str = "b0") -> Past:
    return Past(user, hours_ago, RECORD, bot)


def agreeing(user: str = "anna", number: int = 30) -> list[Past]:
    return [Past(user, 400 - n, RECORD, f"{user}{n}") for n in range(number)]


def test_a_miss_that_nobody_watched_has_the_reason_that_the_rules_first_seen_give() -> None:
    frame = explained([with_a_bot(), Past("anna", 5, INTERNAL)])
    told = frame[frame["inferred"]].iloc[0]
    assert (told["reason"], told["owner"], told["outcome"]) == (INTERNAL, "customer_success", Outcome.OFF_BY_CHOICE)


def test_it_counts_as_inferred_and_changes_no_rate() -> None:
    past = [*agreeing(), Past("anna", 5, INTERNAL), Past("anna", 6, RECORD)]
    before, after = (
        numbers(frame, NOW - 600 * HOUR, NOW, NOW)
        for frame in (frame_of(row(p, n) for n, p in enumerate(past)), explained(past))
    )
    assert after.ended == before.ended
    assert set(after.reasons) == {
        ReasonCount(TimePart.ENDED, reason_of(INTERNAL), 1, Basis.INFERRED),
        ReasonCount(TimePart.ENDED, reason_of(UNSEEN), 1, Basis.OBSERVED),
    }


def test_what_the_rules_would_have_recorded_or_say_nothing_of_stays_unknown() -> None:
    past = [*agreeing(), Past("anna", 5, RECORD), Past("anna", 6, UNSAID)]
    assert causes(past)[-2:] == [None, None]
    assert why(past)[-2:] == [UnknownCause.NOT_EXCLUDED] * 2


def test_nothing_is_told_of_the_time_before_a_users_first_bot() -> None:
    past = [*agreeing(), Past("anna", 500, INTERNAL), Past("anna", 399, INTERNAL)]
    assert causes(past)[-2:] == [None, INTERNAL]
    assert why(past)[-2:] == [UnknownCause.BEFORE_FIRST_BOT, UnknownCause.NO]


def test_a_bot_without_a_start_is_nobodys_first() -> None:
    past = [*agreeing("ben"), Past("anna", 9, INTERNAL), Past("anna", 5, RECORD, "b1"), Past("anna", 7, RECORD, "b2")]
    rows = [row(some, key) for key, some in enumerate(past)]
    rows[-1] = replace(rows[-1], start=None, end=None)
    frame = with_inferred_reasons(frame_of(rows)).set_index("key")
    assert UnknownCause(frame["unknown"][len(agreeing())]) is UnknownCause.BEFORE_FIRST_BOT


def test_a_user_who_never_had_a_bot_is_told_of_only_if_the_rules_would_have_recorded_nothing() -> None:
    assert causes([Past("anna", 5, NOTHING_ON), Past("anna", 6, NOTHING_ON)]) == [NOTHING_ON] * 2
    assert causes([Past("anna", 5, INTERNAL), Past("anna", 6, UNSAID)]) == [INTERNAL, None]
    assert (
        why([*agreeing("ben"), Past("anna", 5, INTERNAL), Past("anna", 6, RECORD)])[-2] is UnknownCause.BEFORE_FIRST_BOT
    )


def test_a_bot_in_a_meeting_that_the_rule_excludes_speaks_against_that_rule_alone() -> None:
    past = [*agreeing(), Past("anna", 9, INTERNAL, "b1"), Past("anna", 5, INTERNAL), Past("anna", 6, NOTHING_ON)]
    assert causes(past)[-2:] == [None, NOTHING_ON]
    assert why(past)[-2] is UnknownCause.CONTRADICTED


def test_a_bot_that_a_colleagues_rules_explain_speaks_against_nothing() -> None:
    shared = [Past("anna", 9, INTERNAL, "b1", "call"), Past("ben", 9, RECORD, "b1", "call")]
    assert causes([*agreeing(), *shared, Past("anna", 5, INTERNAL)])[-1] == INTERNAL
    of_another_customer = replace(shared[1], user="carl")
    assert causes([*agreeing(), shared[0], of_another_customer, Past("anna", 5, INTERNAL)])[-1] == INTERNAL


def test_a_bot_that_only_another_entry_of_the_same_user_explains_speaks_against_the_rule_all_the_same() -> None:
    twice = [Past("anna", 300, INTERNAL, "shared", "u"), Past("anna", 300, RECORD, "shared", "u")]
    past = [*agreeing(), *twice, Past("anna", 5, INTERNAL)]
    assert causes(past)[-1] is None
    assert why(past)[-1] is UnknownCause.CONTRADICTED
    colleague = [*agreeing("ben"), twice[0], replace(twice[1], user="ben"), Past("anna", 5, INTERNAL)]
    assert causes([*agreeing(), *colleague])[-1] == INTERNAL
    both = [*agreeing(), *agreeing("ben"), *twice, replace(twice[1], user="ben"), Past("anna", 5, INTERNAL)]
    assert causes(both)[-1] == INTERNAL


def test_a_bot_of_a_colleague_who_was_watched_is_explained_and_one_that_every_rule_excludes_is_not() -> None:
    own, later = Past("anna", 9, INTERNAL, "b1", "call"), Past("anna", 5, INTERNAL)
    for colleagues, cause in ((None, INTERNAL), (NOTHING_ON, None)):
        past = [*agreeing(), own, replace(own, user="ben", rules=colleagues), later]
        assert causes(past)[-1] == cause


def test_a_bot_of_which_no_id_is_known_is_explained_by_no_colleague_who_had_none() -> None:
    past = [*agreeing(), Past("anna", 9, INTERNAL, bot=""), Past("ben", 8, RECORD), Past("anna", 5, INTERNAL)]
    assert why(past)[-1] is UnknownCause.CONTRADICTED


def test_what_a_customers_past_bears_out_too_little_explains_nothing_of_it() -> None:
    missing = [Past("ben", 300 - n, RECORD) for n in range(4)]
    assert causes([*agreeing(number=30), *missing[:3], Past("anna", 5, INTERNAL)])[-1] == INTERNAL
    past = [*agreeing(number=30), *missing, Past("anna", 5, INTERNAL)]
    assert why(past)[-1] is UnknownCause.NOT_BORNE_OUT
    assert causes([*past, *agreeing("carl"), Past("carl", 5, INTERNAL)])[-1] == INTERNAL


def test_nine_tenths_of_a_customers_past_are_enough_to_bear_the_rules_out() -> None:
    nine, tenth = [*agreeing(number=8), Past("anna", 5, INTERNAL)], Past("ben", 300, RECORD)
    assert rule_agreement(explained([*nine, tenth])) == RuleAgreement(9, 10)
    assert causes([*nine, tenth])[8] == INTERNAL


def test_a_meeting_counts_for_the_agreement_if_all_that_could_be_recorded_of_it_was_unwatched() -> None:
    unwatched, watched = row(Past("anna", 9, RECORD, "b1", "call"), 1), row(Past("ben", 9, None, None, "call"), 2)
    off = replace(watched, recordable=False)
    for rows, counted in (([unwatched, watched], 0), ([unwatched, off], 1), ([off], 0)):
        assert rule_agreement(frame_of(rows)) == RuleAgreement(counted, counted)


def test_the_agreement_of_a_part_of_the_meetings_counts_its_first_one_too() -> None:
    frame = explained(agreeing(number=3))
    assert rule_agreement(frame[frame["meeting"] > 0]) == RuleAgreement(2, 2)


def test_the_agreement_counts_meetings_and_those_of_which_the_rules_say_something() -> None:
    past = [
        *agreeing(number=3),
        Past("anna", 9, INTERNAL, None, "call"),
        Past("ben", 9, RECORD, "b1", "call"),  # one meeting: recorded by ben's rules
        Past("anna", 8, UNSAID),
        Past("anna", 7, RECORD),
        Past("anna", 6, None),
    ]
    assert rule_agreement(explained(past)) == RuleAgreement(4, 5)


RULES = st.sampled_from([INTERNAL, NOTHING_ON, RECORD, UNSAID, None])
PASTS = st.lists(
    st.builds(
        Past,
        user=st.sampled_from(sorted(CUSTOMER)),
        hours_ago=st.sampled_from([1.0, 2.0, 3.0, 4.0]),
        rules=RULES,
        bot=st.sampled_from([None, None, "b1", "b2", "b3"]),
        uid=st.sampled_from([None, "call", "other"]),
    ),
    max_size=14,
)


@given(PASTS)
def test_it_equals_a_recount_from_the_sentences(past: list[Past]) -> None:
    assert causes(past) == [_cause(some, past) for some in past]


@given(PASTS)
def test_doing_it_again_changes_nothing(past: list[Past]) -> None:
    once = explained(past)
    pd.testing.assert_frame_equal(with_inferred_reasons(once), once)


@given(PASTS, PASTS)
def test_what_was_explained_before_is_judged_anew_by_what_is_known_now(past: list[Past], more: list[Past]) -> None:
    known = explained(past)
    rows = frame_of(row(some, key) for key, some in enumerate([*past, *more]))
    stale = rows.assign(inferred=np.isin(rows["key"], known["key"][known["inferred"]].to_numpy()))
    pd.testing.assert_frame_equal(with_inferred_reasons(stale), explained([*past, *more]))


def _cause(some: Past, past: list[Past]) -> str | None:
    if some.bot is not None or some.rules in (None, RECORD, UNSAID):
        return None
    own = [other for other in past if other.user == some.user]
    bots = [other.start for other in own if other.bot is not None]
    if bots and some.start < min(bots):
        return None
    if not bots and any(other.rules == RECORD for other in own):
        return None
    if any(other.rules == some.rules and other.bot and not _is_explained(other, past) for other in own):
        return None
    return some.rules if _is_borne_out(some, past) else None


def _is_explained(some: Past, past: list[Past]) -> bool:
    same = (other for other in past if other.bot == some.bot and other.user != some.user)
    return any(other.rules in (RECORD, None) for other in same)


def _is_borne_out(some: Past, past: list[Past]) -> bool:
    whose = CUSTOMER[some.user] or some.user
    meetings: dict[object, list[Past]] = {}
    for number, other in enumerate(past):
        if (CUSTOMER[other.user] or other.user) == whose:
            meetings.setdefault((other.uid, other.start) if other.uid else number, []).append(other)
    agreed = judged = 0
    for meeting in meetings.values():
        said = {other.rules for other in meeting}
        if None in said or (RECORD not in said and UNSAID in said):
            continue
        judged += 1
        agreed += (RECORD in said) == any(other.bot for other in meeting)
    return agreed >= 0.9 * judged
