"""Choosing a customer from a list: our own options first, then the names from outside, then "no customer"."""

from collections.abc import Iterable, Mapping

from lib.customer import UNASSIGNED
from lib.ui.widgets.choices import choose
from lib.ui.widgets.query_params import read_word, write_word
from lib.ui.words.formats import one_line
from lib.ui.words.scope import ALL, name_of, word_of

ALL_CUSTOMERS = "All customers"


def customer_words(customer: str | None) -> str:
    """The name, or "(unassigned)". Text from outside: for cells and lists alone."""
    return UNASSIGNED.label if customer is None else one_line(customer)


def customer_options(customers: Iterable[str | None], asked: str | None = None) -> dict[str, str]:
    """Word in the address -> label, by name; "no customer" comes last.

    It is there where a user has none, and where it is the word that is `asked` for.
    """
    in_order = sorted({*customers, *((None,) if asked == UNASSIGNED.value else ())}, key=lambda n: (n is None, n or ""))
    return {word_of(name): customer_words(name) for name in in_order}


def read_customer(name: str = "customer") -> str | None:
    """The address's word for a customer, as it is spelt today; None where it asks for none."""
    word = read_word(name)
    return word_of(None) if word and name_of(word) is None else word


def choose_customer(
    customers: Iterable[str | None], ours: Mapping[str, str], *, name: str = "customer", width: int
) -> str:
    """The chosen customer's word in the address, or one of `ours`, the first of which is the default."""
    asked = read_customer(name)
    options = {**ours, **customer_options(customers, asked)}
    if asked not in options and asked == ALL_CUSTOMERS:
        asked = ALL
    write_word(name, asked if asked in options else None)
    return choose("Customer", options, name=name, style="list", width=width)
