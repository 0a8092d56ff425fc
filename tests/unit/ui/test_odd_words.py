"""The sentence on odd rows."""

import pytest

from lib.ui.words.odd_rows import odd_words


@pytest.mark.parametrize(
    ("unreadable", "odd", "words"),
    [
        (0, 0, ""),
        (3, 5, "3 rows in Recall's answers could not be read, 5 had odd parts that were left out."),
        (1, 0, "1 row in Recall's answers could not be read."),
        (0, 1, "1 row in Recall's answers had odd parts that were left out."),
        (1200, 3400, "1,200 rows in Recall's answers could not be read, 3,400 had odd parts that were left out."),
    ],
)
def test_odd_rows_are_told_with_their_numbers_and_none_not_at_all(unreadable: int, odd: int, words: str) -> None:
    assert odd_words(unreadable, odd) == words
