"""How many more calendars were lost than found, by what syncs observed."""

from datetime import UTC, datetime

import pytest

from lib.queries.recent_observations import is_disconnected_here, net_lost
from lib.store.observations import Observation, ObservationKind

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
LOST, FOUND, BY_US = (
    (ObservationKind.CONNECTION_LOST, None),
    (ObservationKind.CONNECTION_FOUND, None),
    (ObservationKind.CONNECTION_LOST, 7),
)


def observed(*told: tuple[ObservationKind, int | None], platform: str = "google") -> list[Observation]:
    """Of one calendar, newest first; told in the order in which it happened."""
    changes = [
        Observation(seq, NOON, kind, "id-ada", platform, None, None, cause=cause)
        for seq, (kind, cause) in enumerate(told)
    ]
    return changes[::-1]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((), 0),
        ((LOST,), 1),
        ((LOST, FOUND), 0),
        ((FOUND,), -1),
        ((BY_US,), 0),
        ((BY_US, FOUND), 0),
        ((BY_US, FOUND, LOST), 1),
    ],
)
def test_a_calendar_that_was_disconnected_here_is_neither_lost_nor_found_when_it_comes_back(
    told: tuple[tuple[ObservationKind, int | None], ...], expected: int
) -> None:
    assert net_lost(observed(*told)) == expected


def test_another_calendar_that_comes_back_is_found() -> None:
    assert net_lost([*observed(FOUND, platform="microsoft"), *observed(BY_US)]) == -1


def test_only_a_loss_by_a_change_of_ours_is_a_disconnection_here() -> None:
    assert [is_disconnected_here(each) for each in observed(BY_US, FOUND, LOST)] == [False, False, True]
