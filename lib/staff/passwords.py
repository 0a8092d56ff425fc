"""Which passwords are accepted, and how they are kept: bcrypt, by streamlit-authenticator, which also checks them."""

import logging
import secrets
from functools import cache
from typing import Any

from lib.errors import StaffError

MIN_BYTES = 10
MAX_BYTES = 72
"""bcrypt reads no further than this; its newer versions refuse more."""


def hashed(password: str) -> str:
    """The bcrypt hash of an acceptable password; takes about 0.2 s. Raises `StaffError` with what to change."""
    require_acceptable(password)
    return str(_hasher().hash(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Whether this is the password of that hash. Without a hash, or for a password that bcrypt cannot read, it takes as
    long, and the answer is no."""
    may_be = password_hash is not None and _can_be_read(password)
    is_right = _hasher().check_pw(password if may_be else "", password_hash or nobodys_hash())
    return may_be and bool(is_right)


def check_in_vain() -> None:
    """Take as long as the check of a password."""
    matches("", None)


@cache
def nobodys_hash() -> str:
    """A hash of a password that nobody knows. A name without an account is checked against it."""
    return hashed(secrets.token_urlsafe(32))


def _can_be_read(password: str) -> bool:
    """Whether bcrypt reads all of it. A password that is longer, or no text, was never accepted."""
    try:
        return len(password.encode()) <= MAX_BYTES
    except UnicodeEncodeError:
        return False


@cache
def _hasher() -> Any:
    """streamlit-authenticator's Hasher, imported when first needed: all of Streamlit comes with it, in 0.8 s."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # it would warn on stderr that no page is running, and on a command line none is
    try:
        from streamlit_authenticator.utilities.hasher import Hasher
    finally:
        logging.disable(before)
    return Hasher


def require_acceptable(password: str) -> None:
    """Raise `StaffError`, with what to change, unless the password is of 10 to 72 bytes that can be typed again."""
    try:
        length = len(password.encode())
    except UnicodeEncodeError:
        raise StaffError("The password holds bytes that are no text. Use letters, digits and signs.") from None
    if length < MIN_BYTES:
        raise StaffError(f"The password is too short: it needs {MIN_BYTES} characters or more.")
    if length > MAX_BYTES:
        raise StaffError(
            f"The password is too long: {length} bytes, and {MAX_BYTES} are possible. "
            "A letter outside of English counts as two or more."
        )
    if password != password.strip():
        raise StaffError("The password begins or ends with a space, which the sign-in form would drop. Leave it out.")
