"""Of one person so many files are held, and of so many bytes together; the oldest goes for the newest."""

import pytest

from lib.ui.server.uploads import MOST_BYTES, MOST_FILES, Place, Upload, Uploads


class Kept:
    """What Streamlit would keep."""

    def __init__(self) -> None:
        self.files: list[Place] = []
        self.uploads = Uploads(self.files.__contains__, self.files.remove)

    def put(self, person: str, name: str, length: int = 10) -> None:
        upload = self.begin(person, name, length)
        assert upload is not None
        self.files.append(upload.place)
        self.uploads.end(person, upload, is_here=True)

    def begin(self, person: str, name: str, length: int = 10) -> Upload | None:
        return self.uploads.begin(person, ("a-tab", name), length)

    @property
    def names(self) -> list[str]:
        return [name for _, name in self.files]


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_the_oldest_file_of_a_person_goes_when_there_are_too_many(kept: Kept) -> None:
    kept.put("bo", "of-another")
    for number in range(MOST_FILES + 2):
        kept.put("ada", str(number))
    assert kept.names == ["of-another", *map(str, range(2, MOST_FILES + 2))]


def test_and_when_they_are_too_long_together(kept: Kept) -> None:
    for name in ("first", "second", "third"):
        kept.put("ada", name, MOST_BYTES // 2)
    assert kept.names == ["second", "third"]


def test_what_its_tab_let_go_of_counts_no_more(kept: Kept) -> None:
    for number in range(MOST_FILES):
        kept.put("ada", str(number))
    kept.files.remove(("a-tab", "1"))
    kept.put("ada", "new")
    assert kept.names == ["0", *map(str, range(2, MOST_FILES)), "new"]


def test_what_is_on_its_way_counts_and_is_not_taken_away(kept: Kept) -> None:
    coming = [kept.begin("ada", str(number)) for number in range(MOST_FILES)]
    assert None not in coming
    assert kept.begin("ada", "one-more") is None
    assert kept.begin("bo", "of-another") is not None
    first = coming[0]
    assert first is not None
    kept.uploads.end("ada", first, is_here=False)
    assert kept.begin("ada", "one-more") is not None


def test_one_that_is_longer_than_all_may_be_is_refused(kept: Kept) -> None:
    assert kept.begin("ada", "endless", MOST_BYTES + 1) is None
