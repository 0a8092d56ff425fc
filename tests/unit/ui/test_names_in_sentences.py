"""Only plain domains from outside stand in a sentence that Markdown reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.words.formats import sayable


@pytest.mark.parametrize("name", ["acme.example", "a-b.co.uk", "x1.io"])
def test_a_plain_domain_may_be_said(name: str) -> None:
    assert sayable(name) == name


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "unassigned",
        "www.acme.example",
        "Acme.example",
        "acme.example\n",
        "[Sign in](https://evil.test)",
        "a_b_.example",
        "-acme.example",
        "акме.example",
        "acme..example",
        "a" * 64 + ".example",
        "http://acme.example",
    ],
)
def test_anything_else_may_not(name: str | None) -> None:
    assert sayable(name) is None


@given(name=st.text(max_size=80))
def test_what_may_be_said_holds_no_sign_that_markdown_reads(name: str) -> None:
    if said := sayable(name):
        assert set(said) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
        assert len(said) <= 60
