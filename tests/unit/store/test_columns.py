"""Values as both databases keep them, and back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, make_url
from sqlalchemy.types import TypeDecorator

from lib.store.columns import Identity, Instant, Outside, UtcDateTime, digest, identity, instant_of, micros, plain

DIALECTS: tuple[Dialect, ...] = tuple(make_url(url).get_dialect()() for url in ("sqlite://", "postgresql+psycopg://"))
BERLIN = timezone(timedelta(hours=1))
NOON = datetime(2026, 11, 2, 12, 0, 0, 7, tzinfo=UTC)
NAIVE = datetime(2026, 11, 2, 12)  # noqa: DTZ001 - what is to be refused


@given(instant=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(BERLIN)))  # noqa: DTZ001
def test_an_instant_is_the_same_after_it_was_kept_to_the_microsecond(instant: datetime) -> None:
    assert instant_of(micros(instant)) == instant
    assert instant_of(micros(instant)).tzinfo is UTC


def test_microseconds_count_from_1970() -> None:
    assert micros(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
    assert micros(datetime(1970, 1, 1, 1, tzinfo=BERLIN)) == 0


@pytest.mark.parametrize("kind", [Instant(), UtcDateTime()])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_time_goes_in_and_out_and_none_stays_none(kind: TypeDecorator[datetime], dialect: Dialect) -> None:
    kept = kind.process_bind_param(NOON.astimezone(BERLIN), dialect)
    assert kind.process_result_value(kept, dialect) == NOON
    assert kind.process_bind_param(None, dialect) is None
    assert kind.process_result_value(None, dialect) is None
    with pytest.raises(ValueError, match="without a zone"):
        kind.process_bind_param(NAIVE, dialect)


def test_a_time_is_utc_whether_the_database_kept_its_zone_or_not() -> None:
    kind = UtcDateTime()
    bound = kind.process_bind_param(NOON.astimezone(BERLIN), DIALECTS[0])
    assert bound is not None
    assert bound.tzinfo is UTC
    for kept in (NOON.replace(tzinfo=None), NOON, NOON.astimezone(BERLIN)):
        found = kind.process_result_value(kept, DIALECTS[0])
        assert found == NOON
        assert found.tzinfo is UTC


def test_equal_contents_have_equal_numbers_of_64_bits_that_both_databases_can_keep() -> None:
    numbers = {digest(str(number).encode()) for number in range(2000)}
    assert len(numbers) == 2000
    assert digest(b"42") in numbers
    assert all(-(2**63) <= number < 2**63 for number in numbers)
    assert min(numbers) < -(2**60)
    assert max(numbers) > 2**60


def test_an_id_is_kept_as_it_is_unless_postgresql_could_not_index_it() -> None:
    longest = "x" * 255
    assert identity(longest) == longest
    shortened = identity(longest + "y")
    assert shortened.startswith("x" * 100 + "~")
    assert len(shortened) == 165
    assert shortened != identity(longest + "z")
    assert identity("a\0b") == plain("a\0b") == "a\ufffdb"
    assert "\0" not in identity("\0" * 300)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_text_and_ids_from_outside_are_bound_in_the_form_that_is_kept(dialect: Dialect) -> None:
    assert Outside().process_bind_param("a\0b", dialect) == "a\ufffdb"
    assert Identity().process_bind_param("x" * 300, dialect) == identity("x" * 300)
    assert Outside().process_bind_param(None, dialect) is None
    assert Identity().process_bind_param(None, dialect) is None
