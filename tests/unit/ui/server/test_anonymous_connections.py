"""Who goes when there are too many of those who are not signed in."""

import pytest

from lib.ui.server.anonymous_connections import AnonymousConnection, AnonymousConnections


class House:
    """A small one: two of an address, four in all. Remembers who had to go."""

    def __init__(self) -> None:
        self.strangers = AnonymousConnections(of_an_address=2, in_all=4)
        self.left: list[str] = []
        self.known: dict[str, AnonymousConnection] = {}

    def came(self, *names: str) -> None:
        """Each name is an address and what tells its connections apart: "a1"."""
        for name in names:
            self.known[name] = AnonymousConnection(name[0], lambda name=name: self.left.append(name))  # type: ignore[misc]
            self.strangers.admit(self.known[name])


@pytest.fixture
def house() -> House:
    return House()


def test_of_an_address_with_too_many_the_one_that_was_silent_for_longest_goes(house: House) -> None:
    house.came("a1", "a2", "b1")
    house.strangers.note_activity(house.known["a1"])
    house.came("a3")
    assert house.left == ["a2"]
    assert len(house.strangers) == 3


def test_in_a_full_house_the_address_with_the_most_makes_room(house: House) -> None:
    house.came("a1", "b1", "b2", "c1", "d1")
    assert house.left == ["b1"]
    house.came("e1")
    assert house.left == ["b1", "a1"]


def test_a_newcomer_is_always_let_in(house: House) -> None:
    for number in range(100):
        house.came(f"{chr(97 + number % 26)}{number}")
        assert list(house.known)[-1] not in house.left
        assert len(house.strangers) <= 4


def test_who_has_gone_or_signed_in_takes_nobodys_place_and_is_never_dropped(house: House) -> None:
    house.came("a1", "a2")
    house.strangers.remove(house.known["a1"])
    house.strangers.remove(house.known["a1"])
    house.strangers.note_activity(house.known["a1"])
    house.came("a3")
    assert (house.left, len(house.strangers)) == ([], 2)
