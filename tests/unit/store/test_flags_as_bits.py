"""The booleans of a verdict as one number."""

from types import SimpleNamespace

import pytest

from lib.store.verdicts import FLAGS, StoredVerdict, bits


@pytest.mark.parametrize("place", range(len(FLAGS)))
def test_each_flag_has_a_bit_of_its_own_by_its_place(place: int) -> None:
    only = SimpleNamespace(**{name: name == FLAGS[place] for name in FLAGS})
    assert bits(only) == 2**place
    assert [name for name in FLAGS if StoredVerdict("recorded", bits(only)).has(name)] == [FLAGS[place]]


def test_the_flags_that_are_kept_stay_where_they_are() -> None:
    assert FLAGS[:10] == (
        "recordable",
        "will_record",
        "booked",
        "recorded",
        "partial",
        "empty",
        "unsettled",
        "did_not_happen",
        "asked",
        "rule_mismatch",
    )


def test_a_judgement_names_no_bot_unless_it_is_told_one() -> None:
    assert StoredVerdict("recorded", 0).bot == 0
