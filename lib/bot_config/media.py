"""What is recorded and sent on: parts that do nothing without another one."""

from collections.abc import Iterator
from typing import Any

from lib.bot_config.finding import Finding, Path
from lib.bot_config.rules import warning
from lib.bot_config.within import found, objects, words

_CONFIG: Path = ("recording_config",)


def media(preset: dict[str, Any]) -> Iterator[Finding]:
    """Warnings about recordings and realtime endpoints."""
    config = found(preset, *_CONFIG)
    if isinstance(config, dict):
        yield from _recording(config)
        for place, endpoint in objects(config.get("realtime_endpoints")):
            yield from _endpoint(config, endpoint, (*_CONFIG, "realtime_endpoints", place))


def _recording(config: dict[str, Any]) -> Iterator[Finding]:
    if config.get("start_recording_on") == "manual":
        yield warning(
            (*_CONFIG, "start_recording_on"),
            "Bots join and record nothing until a program of yours starts each recording. This dashboard starts none.",
        )
    if "video_mixed_mp4" in config and config["video_mixed_mp4"] is None:
        yield warning((*_CONFIG, "video_mixed_mp4"), "null switches the video off: there is nothing to watch later.")
    layout = config.get("video_mixed_layout")
    for medium in ("video_separate_mp4", "video_separate_png"):
        if config.get(medium) is not None and layout != "gallery_view_v2":
            yield warning(
                (*_CONFIG, medium), 'Comes only with "video_mixed_layout": "gallery_view_v2", which is not set.'
            )


def _endpoint(config: dict[str, Any], endpoint: dict[str, Any], path: Path) -> Iterator[Finding]:
    events = endpoint.get("events")
    if events == []:
        yield warning((*path, "events"), "No event is listed, so nothing is ever sent.")
    for place, event in words(events):
        missing = _missing_for(event, config)
        if missing:
            yield warning((*path, "events", place), missing)


def _missing_for(event: str, config: dict[str, Any]) -> str:
    """Why this event will never come; empty where it will."""
    source = event.partition(".")[0]
    if source == "transcript" and config.get("transcript") is None:
        return "Never comes: no transcript provider is named."
    if source in ("participant_events",) and source in config and config[source] is None:
        return "Never comes: participant_events is switched off by null."
    if source.startswith(("audio_", "video_")) and config.get(source) is None:
        return f'Never comes unless "{source}": {{}} stands in recording_config.'
    return ""
