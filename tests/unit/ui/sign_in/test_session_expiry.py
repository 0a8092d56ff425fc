"""When a line says that one will be signed out, and which."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.staff.sessions import Limits, Session
from lib.ui.sign_in.session_expiry import ExpiryWarning, warned_before, warning_at

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
VERA = StaffMember("vera", "Vera Lind", Role.VIEWER)


def session(*, seen_minutes: float = 0, limits: Limits | None = None) -> Session:
    """Begun at nine, seen last so long after."""
    return Session(VERA, NINE, NINE + timedelta(minutes=seen_minutes), limits or Limits())


@pytest.mark.parametrize(
    ("seen", "at", "said"),
    [
        (0, 114.9, ExpiryWarning.NOTHING),
        (0, 115, ExpiryWarning.IDLE),
        (0, 120, ExpiryWarning.IDLE),
        (400, 474.9, ExpiryWarning.NOTHING),
        (400, 475, ExpiryWarning.AGE),
        (474, 476, ExpiryWarning.AGE),
        (361, 476, ExpiryWarning.AGE),
    ],
)
def test_it_is_said_five_minutes_before_and_the_age_comes_first(seen: float, at: float, said: ExpiryWarning) -> None:
    assert warning_at(session(seen_minutes=seen), NINE + timedelta(minutes=at)) is said


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=30)))
def test_it_is_never_said_for_more_than_a_tenth_of_the_limit(limit: timedelta) -> None:
    assert warned_before(limit) <= limit / 10
    assert warned_before(limit) == min(limit / 10, timedelta(minutes=5))
