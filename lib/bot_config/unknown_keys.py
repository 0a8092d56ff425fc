"""What to do with a key that is no option where it stands: it may belong elsewhere, or was an option once."""

from collections.abc import Iterator, Mapping
from typing import get_args

from lib.bot_config.findings import Finding, Path, error, listed, shown, warning
from lib.bot_config.option_types import Options
from lib.bot_config.options import Preset

MOST_HOMES = 3
"""A key that more objects have than that says nothing of where it belongs."""

EARLIER: Mapping[str, str] = {
    "transcription_options": "Name the provider in recording_config.transcript.provider.",
    "real_time_transcription": (
        'Put its address into recording_config.realtime_endpoints, with the event "transcript.data", and for partial '
        'results "transcript.partial_data". The transcript itself needs a provider in '
        "recording_config.transcript.provider."
    ),
    "real_time_media": (
        "Put each of its addresses into recording_config.realtime_endpoints, with a type (webhook, websocket or rtmp) "
        "and its events."
    ),
    "recording_mode": "Write the same word into recording_config.video_mixed_layout.",
    "recording_mode_options": (
        "participant_video_when_screenshare is now recording_config.video_mixed_participant_video_when_screenshare, "
        "and start_recording_on is recording_config.start_recording_on."
    ),
}
"""Options of API v1.10 that are none any more, each with what to write instead (contract 17, N17)."""


def unknown_key(path: Path, sentence: str) -> Finding:
    """The finding about an unknown key, of which there is only `sentence` to say unless it is known somewhere."""
    key = str(path[-1])
    if key in EARLIER:
        return error(path, f"{shown(key)} is from API v1.10 and not an option any more. {EARLIER[key]}")
    if key in _HOMES:
        sentence = f"{shown(key)} does nothing here: it belongs {_place(_HOMES[key])}. Move it there."
    return warning(path, sentence)


def _place(homes: list[str]) -> str:
    """ "at the top level", "into "chat" or "variant"."""
    inside = [home for home in homes if home]
    places = [f"into {listed(inside)}"] if inside else []
    return " or ".join([*places, "at the top level"] if "" in homes else places)


def _keys(model: type[Options], path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every option with the object that holds it, in words (empty: the preset); what is inside lists is left out."""
    for key, field in model.model_fields.items():
        yield key, ".".join(path)
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, Options):
                yield from _keys(inner, (*path, key))


def _homes() -> dict[str, list[str]]:
    found = dict[str, list[str]]()
    for key, home in _keys(Preset):
        found.setdefault(key, []).append(home)
    return {key: homes for key, homes in found.items() if len(homes) <= MOST_HOMES}


_HOMES = _homes()
