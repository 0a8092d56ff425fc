"""All numbers of the Coverage page once more, written by hand in polars: the reference that ours are measured by.

It takes the same columns of the same frame, the numbers of meetings and the packed flags too, and answers in plain
values, so that both can be compared.
"""

from datetime import UTC, datetime, tzinfo
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import polars as pl

from lib.coverage.columns import FLAGS, MET_SOMEBODY, reason_codes
from lib.coverage.grid import COLUMNS, outcome_of_miss
from lib.coverage.period import Period, midnight, points_of
from lib.recording.outcome import Outcome
from lib.recording.reasons import REASON_KEYS, REASONS

Answer: TypeAlias = dict[str, Any]

TAKEN = ("start", "end", "customer", "meeting", "bits", "rank")
CODES = pl.Series(reason_codes(np.arange(len(REASONS) + 1, dtype=np.int8)))
CODES = CODES.replace(-1, REASON_KEYS.index("unclassified"))
"""The code of the reason of each rank, with unclassified for none."""
COLUMN_OF_MISS = pl.Series([COLUMNS.index(outcome_of_miss(reason)) for reason in REASONS], dtype=pl.UInt8)

PARTS = ("ended", "in_progress", "upcoming")
ENDED, IN_PROGRESS, UPCOMING = (pl.lit(place, pl.UInt8) for place in range(3))


def taken(frame: pd.DataFrame) -> pl.DataFrame:
    """The columns of the frame that the page needs. polars is told which of them are sorted."""
    columns = pl.from_pandas(frame[list(TAKEN)])
    return columns.with_columns(pl.col("meeting").set_sorted(), pl.col("start").set_sorted())


def page(entries: pl.DataFrame, period: Period, as_of: datetime, zone: tzinfo) -> Answer:
    """Numbers and reasons of the period and of the one before, trend, sparkline, customers and grid."""
    meetings = _with_days(_meetings(entries, period, as_of), zone)
    before = _meetings(entries, period.before, as_of)
    day, week = pl.col("day"), pl.col("day").dt.truncate("1w")
    points = points_of(period, zone)
    edges = pl.Series([_utc(midnight(point, zone)) for point in points[1:]], dtype=pl.Datetime("us", "UTC"))
    span = pl.lit(edges).search_sorted(pl.col("start"), side="right")
    numbers, last, reasons, trend, line, customers, main, cells = pl.collect_all(
        [
            _numbers(meetings.lazy()),
            _numbers(before.lazy()),
            meetings.lazy().filter(pl.col("missed")).group_by("part", "reason").len(),
            _rates(meetings.lazy(), day),
            _rates(meetings.lazy(), span),
            _customers(meetings.lazy()),
            _main_reasons(meetings.lazy()),
            _cells(meetings.lazy(), week),
        ]
    )
    return {
        "numbers": {PARTS[part]: row for part, row in _rows(numbers, "part").items()},
        "before": {PARTS[part]: row for part, row in _rows(last, "part").items()},
        "reasons": {(PARTS[part], REASON_KEYS[code]): count for part, code, count in reasons.iter_rows()},
        "trend": _rows(trend, "bucket"),
        "sparkline": {points[place]: row for place, row in _rows(line, "bucket").items()},
        "customers": _rows(customers.join(main, on="customer", how="left", nulls_equal=True), "customer"),
        "grid": {(start, str(COLUMNS[column])): count for start, column, count in cells.iter_rows()},
    }


def _meetings(entries: pl.DataFrame, period: Period, as_of: datetime) -> pl.DataFrame:
    first = (
        entries.lazy()
        .filter(pl.col("start").is_between(_utc(period.from_), _utc(period.to), closed="left"))
        .group_by("meeting")
        .agg(
            pl.col("bits").bitwise_or(),
            pl.col("start").first(),
            pl.col("end").max(),
            pl.col("rank").max(),
            pl.col("customer").first(),
            pl.len().alias("entries"),
        )
        .select(
            "start",
            "customer",
            "entries",
            *(_has(place).alias(name) for place, name in enumerate(FLAGS)),
            _has(MET_SOMEBODY).alias("met_somebody"),
            pl.lit(CODES).gather(pl.col("rank")).alias("reason"),
            pl.when(pl.col("start") > as_of)
            .then(UPCOMING)
            .when(pl.col("end") > as_of)
            .then(IN_PROGRESS)
            .otherwise(ENDED)
            .alias("part"),
        )
    )
    unrecorded = (pl.col("part") == ENDED) & pl.col("recordable") & ~pl.col("recorded")
    nobody = pl.col("did_not_happen") & ~pl.col("met_somebody") & ~pl.col("unsettled")
    judged = first.with_columns(
        (unrecorded & pl.col("unsettled")).alias("unsettled"), (unrecorded & nobody).alias("did_not_happen")
    )
    held = (pl.col("part") == ENDED) & pl.col("recordable") & ~pl.col("unsettled") & ~pl.col("did_not_happen")
    coming = (pl.col("part") == UPCOMING) & pl.col("recordable") & ~pl.col("booked")
    return judged.with_columns(held.alias("held"), (coming | (held & ~pl.col("recorded"))).alias("missed")).collect()


def _with_days(meetings: pl.DataFrame, zone: tzinfo) -> pl.DataFrame:
    return meetings.with_columns(pl.col("start").dt.convert_time_zone(str(zone)).dt.date().alias("day"))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _has(place: int) -> pl.Expr:
    return (pl.col("bits") & (1 << place)) != 0


def _numbers(meetings: pl.LazyFrame) -> pl.LazyFrame:
    among = pl.col("recordable")
    return meetings.group_by("part").agg(
        pl.col("entries").sum(),
        pl.len().alias("meetings"),
        among.sum(),
        *((among & pl.col(name)).sum().alias(name) for name in ("will_record", "booked")),
        (among & pl.col("will_record") & pl.col("booked")).sum().alias("will_record_and_booked"),
        (among & pl.col("recorded")).sum().alias("recording"),
        *(pl.col(name).sum() for name in ("unsettled", "did_not_happen", "held")),
        *((pl.col("held") & pl.col(name)).sum().alias(name) for name in ("asked", "recorded", "partial", "empty")),
    )


def _rates(meetings: pl.LazyFrame, bucket: pl.Expr) -> pl.LazyFrame:
    """What was held, asked for and recorded in each bucket."""
    return (
        meetings.filter(pl.col("held"))
        .group_by(bucket.alias("bucket"))
        .agg(pl.len().alias("held"), pl.col("asked").sum(), pl.col("recorded").sum())
    )


def _customers(meetings: pl.LazyFrame) -> pl.LazyFrame:
    coming = (pl.col("part") == UPCOMING) & pl.col("recordable")
    return meetings.group_by("customer").agg(
        pl.col("held").sum(),
        *((pl.col("held") & pl.col(name)).sum().alias(name) for name in ("asked", "recorded")),
        coming.sum().alias("upcoming"),
        (coming & pl.col("missed")).sum().alias("upcoming_missed"),
    )


def _main_reasons(meetings: pl.LazyFrame) -> pl.LazyFrame:
    counted = meetings.filter(pl.col("held") & pl.col("missed")).group_by("customer", "reason").len()
    most = counted.sort("len", "reason", descending=[True, False])
    return most.group_by("customer").agg(pl.col("reason").first().alias("main"))


def _cells(meetings: pl.LazyFrame, bucket: pl.Expr) -> pl.LazyFrame:
    column = (
        pl.when(pl.col("recorded"))
        .then(
            pl.when(pl.col("partial") | pl.col("empty"))
            .then(_column(Outcome.IN_PART))
            .otherwise(_column(Outcome.RECORDED))
        )
        .when(pl.col("unsettled"))
        .then(_column(Outcome.UNSETTLED))
        .when(pl.col("did_not_happen"))
        .then(_column(Outcome.DID_NOT_HAPPEN))
        .otherwise(pl.lit(COLUMN_OF_MISS).gather(pl.col("reason")))
    )
    ended = meetings.filter((pl.col("part") == ENDED) & pl.col("recordable"))
    return ended.group_by(bucket.alias("bucket"), column.alias("column")).len()


def _column(outcome: Outcome) -> pl.Expr:
    return pl.lit(COLUMNS.index(outcome), pl.UInt8)


def _rows(table: pl.DataFrame, key: str) -> dict[Any, dict[str, Any]]:
    return {row.pop(key): row for row in table.to_dicts()}
