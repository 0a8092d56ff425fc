"""A table is declared once: what the grid and the file make of a line a column."""

from datetime import UTC, datetime

from lib.ui.widgets.table import (
    Columns,
    chip_column,
    file_column,
    frame_of,
    number_column,
    table_of,
    text_column,
    time_column,
)

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
COLUMNS: Columns[tuple[str, int, datetime | None]] = {
    "name": text_column("Name", 100, lambda row: f"({row[0]})", export=lambda row: row[0] or None),
    "state": chip_column("State", 90, lambda row: "✓ Done" if row[1] else "! Open", ("✓ Done", "! Open")),
    "done": number_column("Done", 60, lambda row: row[1]),
    "share": text_column("Share", 60, lambda row: f"{row[1]} of 9", in_file=False),
    "at": time_column("Read", lambda row: row[2]),
    "id": file_column("Id", lambda row: f"id-{row[0]}"),
}
ROWS = (("ann", 3, AT), ("", 0, None))


def test_the_grid_has_a_chip_as_a_list_and_no_column_of_files_alone() -> None:
    frame = frame_of(ROWS, COLUMNS)
    assert list(frame) == ["name", "state", "done", "share", "at"]
    assert frame["name"].tolist() == ["(ann)", "()"]
    assert frame["state"].tolist() == [["✓ Done"], ["! Open"]]
    assert (frame["at"][0], str(frame["at"].dtype)) == (AT, "datetime64[us, UTC]")


def test_a_column_of_times_is_one_even_where_no_row_has_a_time() -> None:
    assert "UTC" in str(frame_of(ROWS[1:], COLUMNS)["at"].dtype)
    assert "UTC" in str(frame_of((), COLUMNS)["at"].dtype)


def test_a_file_has_the_grids_values_or_what_is_said_to_be_exported_and_no_column_of_the_grid_alone() -> None:
    table = table_of(ROWS, COLUMNS)
    assert table.heads == ("Name", "State", "Done", "Read", "Id")
    assert table.rows == [("ann", "✓ Done", 3, AT, "id-ann"), (None, "! Open", 0, None, "id-")]


def test_fewer_names_make_a_table_with_fewer_columns() -> None:
    few = {name: COLUMNS[name] for name in ("done", "name")}
    assert list(frame_of(ROWS, few)) == ["done", "name"]
    assert table_of(ROWS, few).heads == ("Done", "Name")
