"""Rows that leave others their turn."""

from time import sleep

from lib.export.file import WORKS_SECONDS, throttled


def test_rows_come_as_they_are_whether_or_not_there_are_pauses() -> None:
    assert list(throttled(range(3))) == [0, 1, 2]
    slowly = []
    for row in throttled(range(3)):
        sleep(WORKS_SECONDS)
        slowly.append(row)
    assert slowly == [0, 1, 2]
