"""What is asked for by a name gets those that have it, and nobody else; without a name is an answer of its own."""

from hypothesis import given
from hypothesis import strategies as st

from lib.customer import UNASSIGNED, asked_of, fits

NAMES = st.none() | st.sampled_from(["", "without", "None", "(unassigned)", "acme"]) | st.text(max_size=5)


@given(mine=NAMES, other=NAMES)
def test_a_name_is_asked_for_by_what_fits_it_alone(mine: str | None, other: str | None) -> None:
    assert fits(mine, asked_of(mine))
    assert fits(other, asked_of(mine)) is (mine == other)
    assert fits(mine, None)


def test_those_without_a_name_are_asked_for_by_no_word() -> None:
    assert asked_of(None) is UNASSIGNED
    assert not fits("without", UNASSIGNED)
