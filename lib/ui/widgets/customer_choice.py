"""The choice of a customer in a list: ours stand first, then the names from outside, then those who have none."""

from collections.abc import Iterable, Mapping

from lib.customer import UNASSIGNED_WORD
from lib.ui.widgets.choices import choose
from lib.ui.widgets.query_params import read_word, write_word
from lib.ui.widgets.scope_choice import NOBODYS, word_of
from lib.ui.words.formats import one_line

ALL_CUSTOMERS = "All customers"
WITHOUT_ONE = f"({UNASSIGNED_WORD})"
EVERYBODY = "*"
"""Stands in the address for all customers, where choosing none is the usual."""
_FORMERLY = {UNASSIGNED_WORD: NOBODYS, ALL_CUSTOMERS: EVERYBODY}
"""What stood in the address when it held labels."""


def customer_words(customer: str | None) -> str:
    """What people read. Text from outside: for cells and lists alone."""
    return WITHOUT_ONE if customer is None else one_line(customer)


def customer_options(customers: Iterable[str | None]) -> dict[str, str]:
    """Word in the address -> what is shown, by name; those without a customer come last."""
    in_order = sorted(set(customers), key=lambda name: (name is None, name or ""))
    return {word_of(name): customer_words(name) for name in in_order}


def choose_customer(
    customers: Iterable[str | None], ours: Mapping[str, str], *, name: str = "customer", width: int
) -> str:
    """The word in the address of the customer that is chosen, or one of `ours`, the first of which is usual."""
    options = {**ours, **customer_options(customers)}
    asked = read_word(name)
    if asked not in options and _FORMERLY.get(asked or "") in options:
        write_word(name, _FORMERLY[asked or ""])
    return choose("Customer", options, name=name, style="list", width=width)
