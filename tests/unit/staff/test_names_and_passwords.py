"""What can be a name, and what can be a password."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import StaffError
from lib.staff.accounts import normalised
from lib.staff.passwords import require_acceptable


@given(st.text(max_size=20) | st.text("abcXYZ019._-@ ", max_size=70))
def test_a_name_is_plain_lower_case_or_refused(typed: str) -> None:
    try:
        name = normalised(typed)
    except StaffError:
        return
    assert re.fullmatch(r"[a-z0-9._@-]{1,64}", name)
    assert normalised(name) == name == typed.lower()


@pytest.mark.parametrize("name", ["ada", "Ada.Okafor@example.com", "a-b_c", "x" * 64])
def test_usual_names_are_accepted(name: str) -> None:
    assert normalised(name) == name.lower()


@pytest.mark.parametrize("name", ["", " ", "ada ", "x" * 65, "adä", "\N{KELVIN SIGN}arl", "a/b", "ada\n", "<b>"])
def test_other_names_are_refused_with_what_to_choose_from(name: str) -> None:
    with pytest.raises(StaffError, match="letters a to z, digits"):
        normalised(name)


@pytest.mark.parametrize("password", ["x" * 10, "x" * 72, "é" * 36, "with a space", "ünïcödé!"])
def test_passwords_of_10_to_72_bytes_are_accepted(password: str) -> None:
    require_acceptable(password)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "too short"),
        ("x" * 9, "too short"),
        ("x" * 73, "too long: 73 bytes"),
        ("é" * 37, "too long: 74 bytes"),
        (" leading-space", "begins or ends with a space"),
        ("trailing-space ", "begins or ends with a space"),
        ("\ud800" * 12, "no text"),
    ],
)
def test_other_passwords_are_refused_with_the_reason_and_without_the_password(password: str, says: str) -> None:
    with pytest.raises(StaffError, match=says) as refusal:
        require_acceptable(password)
    assert not password or password not in str(refusal.value)
