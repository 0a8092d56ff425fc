"""What single options cannot tell: parts of a preset that do nothing together, harm, or are good to know of.

A preset may hold anything: what is not as it should be is passed over here.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from lib.bot_config.addresses import address_findings
from lib.bot_config.findings import Finding, Path, error, found, listed, note, warning
from lib.bot_config.recording_options import PROVIDERS, THIRD_PARTY
from lib.bot_config.retention import retention

JOINS_BEFORE_SECONDS = 120
"""Before the start of its calendar entry (contract 7.1)."""
SHORT_RECORDING_SECONDS = 3600
CEILINGS = {"Google Meet": 600, "Teams": 1800}
"""What the waiting room of a platform allows at most."""
_SIGNED_IN = "All bots of the workspace share this, whichever customer's calendar booked them."
_ALIKE = {
    "chat": "Chat works on Zoom, Google Meet and Teams; elsewhere nothing is said.",
    "metadata": "The same for every bot: it can name the environment, and never the user or the customer.",
    "zoom": _SIGNED_IN,
    "google_meet": _SIGNED_IN,
    "output_media": "Every bot of every customer shows or says this. What is in it is not checked.",
}
"""What is good to know of a key wherever it is given."""
_CONFIG: Path = ("recording_config",)
_TRANSCRIPT: Path = (*_CONFIG, "transcript")
_PROVIDER: Path = (*_TRANSCRIPT, "provider")
_LEAVE: Path = ("automatic_leave",)


def advice(preset: dict[str, Any]) -> Iterator[Finding]:
    """All of it."""
    return chain(
        _transcript(preset),
        retention(preset),
        _media(preset),
        _endpoints(preset),
        _leaving(preset),
        _chat(preset),
        _shared(preset),
        _pictures(preset),
        address_findings(preset),
    )


def _transcript(preset: dict[str, Any]) -> Iterator[Finding]:
    if found(preset, *_TRANSCRIPT) is None:
        yield warning(
            _TRANSCRIPT,
            "No transcript provider is named, so no meeting gets a transcript. "
            "If you want one, name a provider in recording_config.transcript.provider.",
        )
    providers = found(preset, *_PROVIDER)
    if not isinstance(providers, dict):
        return
    if len(providers) != 1:
        has = f"It has {len(providers)}: {listed(list(providers)[:5], 'and')}" if providers else "It has none"
        yield error(_PROVIDER, f"Must name exactly one transcript provider. {has}. It may be {listed(PROVIDERS)}.")
    for name, options in providers.items():
        yield from _provider(name, options)


def _provider(name: str, options: Any) -> Iterator[Finding]:
    path = (*_PROVIDER, name)
    if name == "meeting_captions":
        yield note(path, "Captions come only where the host allows them, and never on Webex.")
    elif name in THIRD_PARTY:
        yield note(path, "This engine needs its own credentials in Recall's dashboard, or there is no transcript.")
    elif found(options, "mode") == "prioritize_low_latency":
        language = found(options, "language_code")
        if not isinstance(language, str) or language.lower().replace("_", "-").partition("-")[0] != "en":
            yield warning(
                (*path, "mode"),
                "Low latency is for English alone. Set language_code to en, or the mode to prioritize_accuracy.",
            )


def _media(preset: dict[str, Any]) -> Iterator[Finding]:
    if found(preset, *_CONFIG, "start_recording_on") == "manual":
        yield warning(
            (*_CONFIG, "start_recording_on"),
            "Bots join and record nothing until a program of yours starts each recording. This dashboard starts none.",
        )
    if found(preset, *_CONFIG, "video_mixed_mp4", missing="") is None:
        yield warning((*_CONFIG, "video_mixed_mp4"), "null switches the video off: there is nothing to watch later.")
    for medium in ("video_separate_mp4", "video_separate_png"):
        layout = found(preset, *_CONFIG, "video_mixed_layout")
        if found(preset, *_CONFIG, medium) is not None and layout != "gallery_view_v2":
            yield warning(
                (*_CONFIG, medium), 'Comes only with "video_mixed_layout": "gallery_view_v2", which is not set.'
            )


def _endpoints(preset: dict[str, Any]) -> Iterator[Finding]:
    config = found(preset, *_CONFIG)
    for place, endpoint in _listed(found(config, "realtime_endpoints")):
        path, events = (*_CONFIG, "realtime_endpoints", place, "events"), found(endpoint, "events")
        if events == []:
            yield warning(path, "No event is listed, so nothing is ever sent.")
        for position, event in _listed(events):
            if isinstance(event, str) and (missing := _missing_for(event, config)):
                yield warning((*path, position), missing)


def _missing_for(event: str, config: dict[str, Any]) -> str:
    """Why this event will never come; empty where it will."""
    source = event.partition(".")[0]
    if source == "transcript" and config.get("transcript") is None:
        return "Never comes: no transcript provider is named."
    if source == "participant_events" and config.get(source, {}) is None:
        return "Never comes: participant_events is switched off by null."
    if source.startswith(("audio_", "video_")) and config.get(source) is None:
        return f'Never comes unless "{source}": {{}} stands in recording_config.'
    return ""


def _leaving(preset: dict[str, Any]) -> Iterator[Finding]:
    for name in ("waiting_room_timeout", "noone_joined_timeout"):
        if 30 <= _seconds(preset, name) <= JOINS_BEFORE_SECONDS:
            yield warning(
                (*_LEAVE, name),
                "Bots join 2 minutes before the start, and this counts from there: the bot leaves before the meeting "
                "begins. Take more than 120; 1200 is the default.",
            )
    waits = _seconds(preset, "waiting_room_timeout")
    if beyond := [f"{platform} after {most}" for platform, most in CEILINGS.items() if waits > most]:
        yield note((*_LEAVE, "waiting_room_timeout"), f"Some end it earlier: {' and '.join(beyond)} seconds.")
    longest, path = _seconds(preset, "in_call_recording_timeout"), (*_LEAVE, "in_call_recording_timeout")
    if longest >= SHORT_RECORDING_SECONDS:
        yield note(path, f"Every recording ends after {round(longest / 3600, 1):g} h.")
    elif longest > 0:
        after = f"{longest} s" if longest < 60 else f"{longest / 60:,.0f} min"
        yield warning(path, f"Every recording ends after {after}, also in the middle of a meeting.")
    listeners = (*_LEAVE, "bot_detection", "using_participant_events")
    if found(preset, *listeners) is not None:
        yield note(listeners, "Who neither speaks nor shares counts as a bot: a call of listeners can end early.")


def _seconds(preset: dict[str, Any], name: str) -> int:
    """A limit of `automatic_leave`; 0 where it is no number of seconds."""
    value = found(preset, *_LEAVE, name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _chat(preset: dict[str, Any]) -> Iterator[Finding]:
    for when in ("on_bot_join", "on_participant_join"):
        said = found(preset, "chat", when)
        if isinstance(said, dict) and said.get("message") is None:
            yield warning(("chat", when), "No message is given, so nothing is said.")
    if found(preset, "chat", "on_bot_join", "pin") is True:
        yield note(("chat", "on_bot_join", "pin"), "Only Google Meet and Teams can pin a message.")


def _shared(preset: dict[str, Any]) -> Iterator[Finding]:
    if "bot_name" in preset:
        yield warning(("bot_name",), "Each user's own bot name (Users, Preferences) overrides this one.")
    yield from (note((key,), sentence) for key, sentence in _ALIKE.items() if preset.get(key))
    sizes = found(preset, "variant")
    for platform, size in sizes.items() if isinstance(sizes, dict) else ():
        if size != "web":
            yield note(("variant", platform), "Larger than web: it costs more.")


def _pictures(preset: dict[str, Any]) -> Iterator[Finding]:
    for when in ("in_call_recording", "in_call_not_recording"):
        path = ("automatic_video_output", when, "b64_data")
        data = found(preset, *path)
        if isinstance(data, str) and data.strip() and not data.startswith("/9j/"):
            yield warning(
                path,
                "This is no JPEG picture in base64: those begin with /9j/. A prefix such as data:image/jpeg;base64, "
                "does not belong there.",
            )


def _listed(value: Any) -> Iterator[tuple[int, Any]]:
    """The items of a list with their positions; none where it is no list."""
    return enumerate(value if isinstance(value, list) else [])
