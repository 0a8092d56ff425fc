"""Options of Create Bot in API v1.10 that are none any more, each with what took its place (contract 17, N17)."""

from collections.abc import Mapping

_TRANSCRIPT = "recording_config.transcript.provider"
_ENDPOINTS = "recording_config.realtime_endpoints"
_LAYOUT = "recording_config.video_mixed_layout"
_SCREENSHARE = "recording_config.video_mixed_participant_video_when_screenshare"
_START = "recording_config.start_recording_on"

EARLIER: Mapping[str, str] = {
    "transcription_options": f"Name the provider in {_TRANSCRIPT}.",
    "real_time_transcription": (
        f'Put its address into {_ENDPOINTS}, with the event "transcript.data", and for partial results '
        f'"transcript.partial_data". The transcript itself needs a provider in {_TRANSCRIPT}.'
    ),
    "real_time_media": (
        f"Put each of its addresses into {_ENDPOINTS}, with a type (webhook, websocket or rtmp) and its events."
    ),
    "recording_mode": f"Write the same word into {_LAYOUT}.",
    "recording_mode_options": (
        f"participant_video_when_screenshare is now {_SCREENSHARE}, and start_recording_on is {_START}."
    ),
}
"""Name -> what to write instead."""
