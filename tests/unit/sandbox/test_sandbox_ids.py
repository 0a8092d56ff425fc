"""Ids lead back to what they name, and nowhere else."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lib.sandbox.ids import IdKind, Ids

calls = st.tuples(*(st.integers(0, 2**width - 1) for width in (2, 24, 20, 16, 20)))


@given(seed=st.integers(), numbers=calls)
def test_an_id_reads_back_as_what_it_was_made_of(seed: int, numbers: tuple[int, ...]) -> None:
    ids = Ids(seed)
    assert ids.read(IdKind.BOT, ids.make(IdKind.BOT, *numbers)) == numbers


@given(numbers=calls)
def test_an_id_is_a_uuid_of_version_four_in_its_usual_spelling(numbers: tuple[int, ...]) -> None:
    made = Ids(1).make(IdKind.BOT, *numbers)
    assert UUID(made).version == 4
    assert str(UUID(made)) == made


@given(numbers=calls)
def test_an_id_means_nothing_as_another_kind_or_under_another_seed(numbers: tuple[int, ...]) -> None:
    made = Ids(1).make(IdKind.BOT, *numbers)
    assert Ids(1).read(IdKind.MEETING, made) is None
    assert Ids(2).read(IdKind.BOT, made) is None


@given(text=st.one_of(st.text(), st.uuids().map(str)))
def test_what_the_sandbox_did_not_make_is_not_an_id(text: str) -> None:
    assert Ids(1).read(IdKind.BOT, text) is None


def test_neighbours_have_nothing_in_common() -> None:
    made = [Ids(1).make(IdKind.BOT, 0, 1, 739_000, place, 0) for place in range(1000)]
    assert len({id_[:8] for id_ in made}) == len({id_[-8:] for id_ in made}) == 1000
