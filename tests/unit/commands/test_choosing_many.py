"""A pasted list of users: whoever it names once is found once, and nothing of it is lost silently."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.commands.bulk import parse_selection
from lib.commands.bulk.selection import MOST_LETTERS
from lib.domain import CalendarUser, Connection
from lib.errors import InvalidChange


def person(number: int, email: str | None = None, external_id: str | None = "") -> CalendarUser:
    named = f"ext-{number}" if external_id == "" else external_id
    calendar = Connection("google", True, email or f"p{number}@acme.example")
    return CalendarUser(f"00000000-0000-4000-8000-{number:012}", named, (calendar,))


PEOPLE = tuple(person(number) for number in range(1, 6))
ANNA, BEN, CARA, *_ = PEOPLE


@pytest.mark.parametrize(
    "text",
    [
        "p1@acme.example\next-2",
        "P1@ACME.example, EXT-2",
        "p1@acme.example;ext-2",
        "p1@acme.example\text-2",
        "Anna One <p1@acme.example>, Ben <p2@acme.example>",
        "\"p1@acme.example\" \r\n'ext-2'",
        "p1@acme.example ext-2",
        f"{ANNA.id.upper()}\n{BEN.id}",
    ],
)
def test_users_are_found_by_address_external_id_and_uuid_however_they_are_written(text: str) -> None:
    chosen = parse_selection(text, PEOPLE)
    assert chosen.found == (ANNA, BEN)
    assert (chosen.duplicates, chosen.unknown, chosen.blanks) == ((), (), 0)


def test_doubles_blanks_and_strangers_are_told_apart() -> None:
    chosen = parse_selection("ext-1\n\nnobody@acme.example,ext-2,,ext-1\np2@acme.example\nnobody@acme.example", PEOPLE)
    assert chosen.found == (ANNA, BEN)
    assert chosen.duplicates == ("ext-1", "p2@acme.example")
    assert chosen.unknown == ("nobody@acme.example",)
    assert chosen.blanks == 2


def test_an_address_that_two_share_speaks_for_both() -> None:
    both = (person(1, "desk@acme.example"), person(2, "desk@acme.example"))
    assert parse_selection("desk@acme.example", both).found == both


def test_an_external_id_may_hold_a_comma_or_a_blank() -> None:
    odd = (person(1, external_id="sales, north"), person(2, external_id="Ben Two"))
    assert parse_selection("sales, north\nBen Two", odd).found == odd


def test_a_stranger_of_several_words_stays_one() -> None:
    assert parse_selection("Nobody At All", PEOPLE).unknown == ("Nobody At All",)


def test_what_has_neither_address_nor_external_id_is_found_by_its_uuid() -> None:
    bare = CalendarUser("00000000-0000-4000-8000-000000000099", None)
    assert parse_selection(bare.id, [bare, *PEOPLE]).found == (bare,)


def test_a_list_that_is_too_long_is_refused_in_a_sentence() -> None:
    with pytest.raises(InvalidChange, match="in parts"):
        parse_selection("x" * (MOST_LETTERS + 1), PEOPLE)


def test_a_million_letters_of_strangers_are_gone_through() -> None:
    chosen = parse_selection("nobody@acme.example\n" * 50_000, PEOPLE)
    assert (chosen.found, chosen.unknown) == ((), ("nobody@acme.example",))


@given(st.lists(st.sampled_from(PEOPLE)), st.randoms(use_true_random=False))
def test_every_user_that_is_named_is_found_once_in_the_order_of_the_list(
    named: list[CalendarUser], dice: Random
) -> None:
    words = [dice.choice([user.id, user.external_id, user.email]) for user in named]
    chosen = parse_selection("\n".join(map(str, words)), PEOPLE)
    assert chosen.found == tuple(dict.fromkeys(named))
    assert chosen.unknown == ()


@given(st.text())
def test_any_text_at_all_can_be_pasted(text: str) -> None:
    chosen = parse_selection(text, PEOPLE)
    assert set(chosen.found) <= set(PEOPLE)
    assert len(chosen.found) == len(set(chosen.found))
