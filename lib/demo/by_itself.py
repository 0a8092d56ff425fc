"""What happens in the world whether anybody watches or not: on most days, and once."""

from datetime import timedelta

from lib.demo.scene import Deed, Scene
from lib.domain import Preferences
from lib.recording.presets import Preset, preset_of
from lib.store.users import UserRow

DRAGGED_EVERY = 3
"""Days from one event that is dragged to the next."""
_SOON, _LATER = timedelta(days=5), timedelta(days=25)
_NEW_NAMES = ("robin.hale", "sasha.lindt")


def _calls_off(scene: Scene) -> None:
    """Somebody calls a coming meeting off, for all."""
    row = _of_the_day(scene, 0)
    for entry in scene.cast.coming(row, scene.clock())[:1]:
        for each in scene.cast.shared(row, entry):
            scene.world.cancel(each.id)


def _moves(scene: Scene) -> None:
    """Somebody moves a coming meeting by a day or two, for all."""
    row = _of_the_day(scene, 1)
    for entry in scene.cast.coming(row, scene.clock())[-1:]:
        later = timedelta(days=1 + scene.day % 2, hours=1)
        for each in scene.cast.shared(row, entry):
            if each.start_time and each.end_time:
                scene.world.move(each.id, each.start_time + later, each.end_time + later)


def _drags(scene: Scene) -> None:
    """Somebody drags the event of a meeting that was held to next week, instead of making another."""
    row = _of_the_day(scene, 2)
    if scene.day % DRAGGED_EVERY:
        return
    for entry in scene.cast.held(row, scene.clock())[:1]:
        if entry.start_time:
            start = entry.start_time + timedelta(days=7, minutes=30)
            scene.world.drag(entry.id, start, keep_bot=scene.day % 2 == 0)


def _of_the_day(scene: Scene, number: int) -> UserRow:
    """Somebody else every day, and of another customer for each of the day's numbers."""
    return scene.cast.in_turn(3 * scene.day + number)


def _loses(part: str, number: int) -> Deed:
    """Recall cannot read a calendar any more, of the customer of this number, counted from the largest."""

    def lose(scene: Scene) -> None:
        customer = scene.cast.in_turn(number).customer
        row = scene.cast.who(part, lambda row: row.customer == customer)
        scene.world.lose(row.user.id, row.user.connections[0].platform)

    return lose


def _connects(part: str) -> Deed:
    """The owner of a calendar that was lost or let go connects it again."""

    def connect(scene: Scene) -> None:
        row = scene.cast.who(part)
        calendar = row.user.connections[0]
        scene.world.connect(row.user.id, calendar.platform, calendar.email or "")

    return connect


def _arrives(number: int, preset: Preset) -> Deed:
    """A new colleague comes, with a mailbox of the largest or the second customer's."""

    def arrive(scene: Scene) -> None:
        colleague = scene.cast.in_turn(number)
        calendar = colleague.user.connections[0]
        domain = (calendar.email or "").partition("@")[2]
        user_id = scene.world.arrive(f"{domain.partition('.')[0]}-{2000 + number}", preset.flags)
        scene.world.connect(user_id, calendar.platform, f"{_NEW_NAMES[number]}@{domain}")

    return arrive


def _leaves(scene: Scene) -> None:
    scene.world.leave(scene.cast.who("leaver").user.external_id or "")


def _rules_change(part: str, preset: Preset) -> Deed:
    """The owner's product sets other rules for somebody."""

    def change(scene: Scene) -> None:
        row = scene.cast.who(part, lambda row: preset_of(row.user.preferences or Preferences()) is Preset.EVERYTHING)
        scene.world.prefer(row.user.id, preset.flags)

    return change


def _spoils(part: str, fields: dict[str, object], ahead: timedelta) -> Deed:
    """Recall answers a coming meeting of somebody's oddly from now on."""

    def spoil(scene: Scene) -> None:
        row = scene.cast.who(part)
        for entry in scene.cast.coming(row, scene.clock(), ahead)[-1:]:
            scene.world.spoil(entry.id, fields)

    return spoil


ON_DAYS: tuple[tuple[int, Deed], ...] = (
    (5, _spoils("odd guests", {"attendees": ["guest@partner.example"]}, _SOON)),
    (7, _arrives(0, Preset.EVERYTHING)),
    (9, _loses("lost for four days", 1)),
    (10, _rules_change("rules changed elsewhere", Preset.EXTERNAL)),
    (12, _loses("lost for three days", 2)),
    (13, _connects("lost for four days")),
    (14, _spoils("an odd title", {"title": 42}, _SOON)),
    (15, _connects("lost for three days")),
    (18, _arrives(1, Preset.NOTHING)),
    (19, _connects("disconnected")),
    (20, _leaves),
    (22, _loses("lost until a link", 3)),
    (23, _rules_change("rules switched off elsewhere", Preset.NOTHING)),
    (25, _connects("lost until a link")),
    (27, _loses("lost by now", 0)),
    (28, _spoils("an odd invite", {"zoom_invite": "zoom"}, _LATER)),
    (29, _spoils("unreadable", {"will_record": "perhaps"}, _LATER)),
)
FIRST: tuple[Deed, ...] = (_moves, _drags)
"""Every day, before anything else: of meetings as they were read last."""
LAST: tuple[Deed, ...] = (_calls_off,)
"""Every day, after all else: what is called off cannot be touched any more."""
