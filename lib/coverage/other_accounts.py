"""Whether another account's bot joins a meeting: worth a note, though it covers nothing for this customer."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from lib.coverage.columns import NO_UID, instants
from lib.coverage.frame_order import customer_codes


def joined_by_others(frame: pd.DataFrame, keys: Collection[int]) -> frozenset[int]:
    """Of the entries with these keys, those whose meeting somebody else's bot joins.

    Somebody else's: another customer's entry, or another user's where one has no customer, with the same `ical_uid` and
    start names a bot. `frame` is that of the whole workspace; whose bot it is is not said.
    """
    wanted = frame["key"].isin(np.fromiter(keys, np.int64, len(keys))) & (frame["uid"] != NO_UID)
    ours = _told_apart(frame, wanted.to_numpy())
    booked = _told_apart(frame, frame["booked"].to_numpy() & frame["uid"].isin(ours["uid"]).to_numpy())
    owners_of = booked.groupby(["uid", "start"])["owner"].agg(["min", "max"]).reset_index()
    found = ours.merge(owners_of, on=["uid", "start"])
    return frozenset(found.loc[(found["min"] != found["owner"]) | (found["max"] != found["owner"]), "key"].tolist())


def _told_apart(frame: pd.DataFrame, which: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> pd.DataFrame:
    some = frame.iloc[np.flatnonzero(which & ~np.isnat(instants(frame, "start")))]
    return some[["key", "uid", "start"]].assign(owner=customer_codes(some))
