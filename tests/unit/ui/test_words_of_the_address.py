"""What stands in the address for a name from outside is never a word of ours, and labels are told apart."""

from hypothesis import given
from hypothesis import strategies as st

from lib.customer import UNASSIGNED
from lib.ui.words.formats import told_apart
from lib.ui.words.scope import ALL, customer_asked, name_of, word_of

named = st.text(min_size=1) | st.sampled_from(["-", "--", "*", "-*", "unassigned", "None", "acme.example"])


@given(named)
def test_a_name_comes_back_out_of_the_address_and_is_no_word_of_ours(name: str) -> None:
    assert word_of(name) not in ("", "unassigned", "-", ALL)
    assert name_of(word_of(name)) == customer_asked(word_of(name)) == name


def test_having_no_name_is_a_word_of_its_own() -> None:
    assert word_of(None) == "unassigned"
    assert name_of("unassigned") is name_of("-") is None
    assert customer_asked("unassigned") is customer_asked("-") is UNASSIGNED


def test_a_usual_name_stands_there_as_it_is() -> None:
    assert word_of("acme.example") == "acme.example"


@given(st.lists(st.sampled_from(["a", "a (2)", "a (3)", "b", ""])))
def test_labels_are_different_and_the_first_of_each_stays_as_it_is(words: list[str]) -> None:
    found = told_apart(words)
    assert len(set(found)) == len(words)
    assert all(label.startswith(word) for label, word in zip(found, words, strict=True))
    assert words == [] or found[0] == words[0]


def test_two_of_a_name_are_numbered() -> None:
    assert told_apart(["Ann", "Ann", "Bo", "Ann"]) == ["Ann", "Ann (2)", "Bo", "Ann (3)"]
