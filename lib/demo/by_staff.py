"""What staff did, and on which of the thirty days."""

from collections.abc import Sequence
from datetime import timedelta

from lib.bot_config.examples import CAREFUL, TRANSCRIPT
from lib.demo.cast import Cast
from lib.demo.scene import Deed, Scene
from lib.domain import Entry, Preferences
from lib.recording.overrides import series_of
from lib.recording.presets import Preset, preset_of
from lib.store.users import UserRow

EDITOR, ADMIN, VIEWER = "editor", "admin", "viewer"
_LATER = timedelta(days=25)
PUT_BACK = 2
"""So many meetings of a series follow the rules again; the others stay out."""
OWNED = 4
"""Customers that somebody looks after; the others are nobody's yet."""
_TEAMS = ("Sales", "Customer success", "Product")


def _first_day(scene: Scene) -> None:
    scene.staff.upload_customers(ADMIN, _file_of(scene.cast))
    scene.staff.keep_bot_config(ADMIN, TRANSCRIPT.text, "As we have it at Recall", sent=True)


def _file_of(cast: Cast) -> str:
    """Each customer as its mailboxes say, with teams. The largest have an owner."""
    customers = cast.customers()
    owners = {name: (EDITOR, EDITOR, ADMIN)[number % 3] for number, name in enumerate(customers[:OWNED])}
    lines = [
        f"{row.user.external_id},{row.customer},{_TEAMS[number % len(_TEAMS)]},{owners.get(row.customer or '', '')}"
        for number, row in enumerate(cast.everybody())
    ]
    return "\n".join(["user,customer,team,owner", *lines])


def _switches_on(scene: Scene) -> None:
    row = scene.cast.who("switched on", lambda row: preset_of(row.user.preferences or Preferences()) is Preset.NOTHING)
    scene.staff.choose(EDITOR, row, Preset.EXTERNAL, "Asked for it on the phone")


def _narrows(scene: Scene) -> None:
    row = scene.cast.who("narrowed", lambda row: preset_of(row.user.preferences or Preferences()) is Preset.EVERYTHING)
    scene.staff.choose(EDITOR, row, Preset.HOSTED, "Only what they host, they say")


def _widens_again(scene: Scene) -> None:
    scene.staff.put_back(EDITOR, scene.cast.who("narrowed"))


def _wants_one(scene: Scene) -> None:
    def left_out(row: UserRow) -> Sequence[Entry]:
        return [e for e in scene.cast.coming(row, scene.clock()) if not e.will_record and not e.is_private]

    row = scene.cast.who("one meeting", lambda row: bool(left_out(row)))
    scene.staff.override(EDITOR, row, left_out(row)[:1], True, "The customer asked for this one")


def _leaves_a_series_out(scene: Scene) -> None:
    def series(row: UserRow) -> Sequence[Entry]:
        now = scene.clock()
        coming = scene.cast.coming(row, now, _LATER)
        return max((series_of(entry, coming, now) for entry in coming if entry.is_recurring), key=len, default=())

    row = scene.cast.who("a series", lambda row: len(series(row)) > PUT_BACK)
    scene.staff.override(EDITOR, row, series(row), False, "Their one-to-one is nobody's business")


def _takes_some_back(scene: Scene) -> None:
    scene.staff.put_overrides_back(EDITOR, scene.cast.who("a series"), "The last two may be recorded", at_most=PUT_BACK)


def _sets_a_standard(scene: Scene) -> None:
    scene.staff.set_standard(ADMIN, scene.cast.in_turn(0).customer or "", Preset.EVERYTHING)


def _changes_many(number: int, preset: Preset, why: str) -> Deed:
    """All users of the customer of this number, counted from the largest; the first where there are fewer."""

    def change(scene: Scene) -> None:
        customer = scene.cast.in_turn(number).customer
        rows = [row for row in scene.cast.everybody() if row.customer == customer]
        scene.staff.change_many(EDITOR, rows, preset, why)

    return change


def _takes_many_back(scene: Scene) -> None:
    scene.staff.take_many_back(EDITOR)


def _disconnects(scene: Scene) -> None:
    scene.staff.disconnect(EDITOR, scene.cast.who("disconnected"), "Moves to another mailbox")


def _sends_a_link(part: str) -> Deed:
    def send(scene: Scene) -> None:
        row = scene.cast.who(part)
        scene.staff.send_link(EDITOR, row, row.user.connections[0].platform)

    return send


def _keeps_less(scene: Scene) -> None:
    scene.staff.keep_bot_config(ADMIN, TRANSCRIPT.text.replace("168", "72"), "Three days are enough", sent=True)


def _prepares_another(scene: Scene) -> None:
    scene.staff.keep_bot_config(ADMIN, CAREFUL.text, "For the legal team to read", sent=False)


def _looks(name: str) -> Deed:
    """Somebody opens the Customers page."""

    def look(scene: Scene) -> None:
        scene.staff.look(name)

    return look


def _changes_yesterday(scene: Scene) -> None:
    row = scene.cast.who("changed late", _leaves_internal_out)
    scene.staff.choose(EDITOR, row, Preset.EVERYTHING, "Internal ones too, from this week on")


def _leaves_internal_out(row: UserRow) -> bool:
    return not (row.user.preferences or Preferences()).record_internal


ON_DAYS: tuple[tuple[int, Deed], ...] = (
    (1, _first_day),
    (2, _looks(EDITOR)),
    (2, _switches_on),
    (3, _narrows),
    (5, _widens_again),
    (6, _wants_one),
    (9, _leaves_a_series_out),
    (10, _takes_some_back),
    (11, _looks(ADMIN)),
    (11, _sets_a_standard),
    (12, _looks(VIEWER)),
    (13, _changes_many(1, Preset.EXTERNAL, "The works council objects")),
    (14, _takes_many_back),
    (16, _looks(EDITOR)),
    (16, _changes_many(0, Preset.EVERYTHING, "As agreed in the review")),
    (17, _disconnects),
    (18, _sends_a_link("disconnected")),
    (21, _keeps_less),
    (24, _looks(EDITOR)),
    (24, _sends_a_link("lost until a link")),
    (25, _looks(VIEWER)),
    (26, _looks(ADMIN)),
    (26, _prepares_another),
    (29, _changes_yesterday),
    (30, _sends_a_link("lost by now")),
)
