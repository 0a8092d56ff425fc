"""Presets to start from, commented. Each passes the check but for the addresses, which are examples as well."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """One preset to start from."""

    name: str
    about: str
    text: str


TRANSCRIPT = Example(
    "Recording with a transcript",
    "Video, who was there, and a transcript in the language that is spoken.",
    """\
{
  recording_config: {
    transcript: {
      provider: {
        recallai_streaming: { language_code: "auto" },
      },
    },
    // Longer than 168 hours (7 days) is billed.
    retention: { type: "timed", hours: 168 },
    video_mixed_layout: "speaker_view",
  },
}
""",
)
REALTIME = Example(
    "Sent on while the meeting runs",
    "A transcript as it is spoken, and who joins and leaves, sent to an address of yours.",
    """\
{
  recording_config: {
    transcript: {
      provider: {
        // Low latency is for English alone.
        recallai_streaming: { language_code: "en", mode: "prioritize_low_latency" },
      },
    },
    realtime_endpoints: [
      {
        type: "webhook",
        url: "https://hooks.acme.example/recall",
        events: [
          "participant_events.join",
          "participant_events.leave",
          "transcript.data",
        ],
      },
    ],
  },
}
""",
)
CAREFUL = Example(
    "Says that it records, and leaves in time",
    "A chat message when the bot joins, and limits for empty, silent and endless calls. All times are seconds.",
    """\
{
  recording_config: {
    transcript: { provider: { meeting_captions: {} } },
    retention: { type: "timed", hours: 72 },
  },
  chat: {
    on_bot_join: {
      send_to: "everyone",
      message: "This meeting is being recorded. Tell the host if you object.",
    },
  },
  automatic_leave: {
    // Both count from 2 minutes before the start, when the bot joins.
    waiting_room_timeout: 1200,
    noone_joined_timeout: 1200,
    everyone_left_timeout: { timeout: 30 },
    in_call_recording_timeout: 14400,
    silence_detection: { timeout: 1800, activate_after: 1200 },
  },
}
""",
)
EVERYBODY_APART = Example(
    "Every voice on its own track",
    "Sound and picture of each participant apart, for analysis. Large, and slower to process.",
    """\
{
  recording_config: {
    transcript: {
      provider: { recallai_streaming: { language_code: "auto" } },
      diarization: { use_separate_streams_when_available: true },
    },
    video_mixed_layout: "gallery_view_v2", // needed for video_separate_mp4
    video_separate_mp4: {},
    audio_separate_mp3: {},
  },
  variant: { zoom: "web_4_core", google_meet: "web_4_core", microsoft_teams: "web_4_core" },
}
""",
)
EXAMPLES = (TRANSCRIPT, REALTIME, CAREFUL, EVERYBODY_APART)
