"""Names from outside in one spelling."""

import pytest

from lib.customer.names import folded, tidy


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("  Acme  GmbH ", "Acme GmbH"),
        ("Acme GmbH", "Acme GmbH"),
        ("Acme\nGmbH\t", "Acme GmbH"),
        ("Cafe\u0301 Zoe\u0308", "Caf\u00e9 Zo\u00eb"),
        ("Acme\u200b\u202eGmbH", "Acme GmbH"),
        ("Müller  & Söhne", "Müller & Söhne"),
        ("'=SUM(A1)", "=SUM(A1)"),
        ("one; '@two", "one; @two"),
        ("O'Neill", "O'Neill"),
        ("'Acme'", "'Acme'"),
        ("", ""),
    ],
)
def test_a_cell_is_one_line_in_one_spelling(cell: str, kept: str) -> None:
    assert tidy(cell) == kept


def test_case_and_width_do_not_tell_two_names_apart() -> None:
    assert folded("ＡＣＭＥ Straße") == folded("acme STRASSE")
    assert folded("acme") != folded("acne")
