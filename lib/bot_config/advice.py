"""What single options cannot tell: parts of a preset that do nothing together, harm, or are good to know of."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from lib.bot_config.addresses import address_findings
from lib.bot_config.finding import Finding, Path
from lib.bot_config.leaving import leaving
from lib.bot_config.media import media
from lib.bot_config.options import THIRD_PARTY
from lib.bot_config.retention import retention
from lib.bot_config.rules import note, warning
from lib.bot_config.within import found

_TRANSCRIPT: Path = ("recording_config", "transcript")
_PROVIDER: Path = (*_TRANSCRIPT, "provider")


def advice(preset: dict[str, Any]) -> Iterator[Finding]:
    """All of it, for an object of any contents: what is not as it should be is passed over here."""
    return chain(
        _transcript(preset),
        retention(preset),
        media(preset),
        leaving(preset),
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
        return
    provider = found(preset, *_PROVIDER)
    for name in provider if isinstance(provider, dict) else ():
        yield from _provider(name, found(preset, *_PROVIDER, name))


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


def _chat(preset: dict[str, Any]) -> Iterator[Finding]:
    for when in ("on_bot_join", "on_participant_join"):
        said = found(preset, "chat", when)
        if isinstance(said, dict) and said.get("message") is None:
            yield warning(("chat", when), "No message is given, so nothing is said.")
    if found(preset, "chat"):
        yield note(("chat",), "Chat works on Zoom, Google Meet and Teams; elsewhere nothing is said.")
    if found(preset, "chat", "on_bot_join", "pin") is True:
        yield note(("chat", "on_bot_join", "pin"), "Only Google Meet and Teams can pin a message.")


def _shared(preset: dict[str, Any]) -> Iterator[Finding]:
    if "bot_name" in preset:
        yield warning(("bot_name",), "Each user's own bot name (Users, Preferences) overrides this one.")
    if found(preset, "metadata"):
        yield note(
            ("metadata",), "The same for every bot: it can name the environment, and never the user or the customer."
        )
    for group in ("zoom", "google_meet"):
        if found(preset, group):
            yield note((group,), "All bots of the workspace share this, whichever customer's calendar booked them.")
    if found(preset, "output_media"):
        yield note(("output_media",), "Every bot of every customer shows or says this. What is in it is not checked.")
    costly = found(preset, "variant")
    for platform, size in costly.items() if isinstance(costly, dict) else ():
        if size != "web":
            yield note(("variant", platform), "Larger than web: it costs more.")


def _pictures(preset: dict[str, Any]) -> Iterator[Finding]:
    for when in ("in_call_recording", "in_call_not_recording"):
        data = found(preset, "automatic_video_output", when, "b64_data")
        if isinstance(data, str) and data.strip() and not data.startswith("/9j/"):
            yield warning(
                ("automatic_video_output", when, "b64_data"),
                "This is no JPEG picture in base64: those begin with /9j/. A prefix such as data:image/jpeg;base64, "
                "does not belong there.",
            )
