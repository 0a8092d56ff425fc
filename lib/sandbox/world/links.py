"""Meeting links, as meetings (contract 3.12) and bots (contract 9.2) show them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..randomness import generator

PLATFORM_OF_KIND = {
    "google_meet": "google_meet",
    "zoom": "zoom",
    "zoom_no_password": "zoom",
    "microsoft_teams": "microsoft_teams",
    "microsoft_teams_live": "microsoft_teams_live",
    "webex": "webex",
    "webex_personal_room": "webex",
    "goto_meeting": "goto_meeting",
    "two_links": "google_meet",
}
KINDS = tuple(PLATFORM_OF_KIND)
_CACHED = 1 << 14
_LETTERS = "abcdefghkmnpstuw"
INVITES = ("zoom_invite", "teams_invite", "meet_invite", "webex_invite", "goto_meeting_invite")


@dataclass(frozen=True, slots=True)
class Link:
    """A link of one of `KINDS`; `token` determines its numbers and passwords."""

    kind: str
    token: int

    @property
    def meeting_platform(self) -> str:
        """Recall's name of the platform of the call."""
        return PLATFORM_OF_KIND[self.kind]

    def invites(self) -> dict[str, Any]:
        """All five `*_invite` fields; those of other platforms are None."""
        return dict.fromkeys(INVITES) | self._filled()

    def meeting_url(self) -> dict[str, Any]:
        """The bot's `meeting_url`: an object on read, never a string."""
        filled = next(iter(self._filled().values()))
        return {**filled, "platform": self.meeting_platform}

    def _filled(self) -> dict[str, Any]:
        if self.kind == "two_links":
            return {"meet_invite": _meet(self.token), "zoom_invite": _zoom(self.token, None)}
        if self.kind.startswith("zoom"):
            password = None if self.kind == "zoom_no_password" else _password(self.token)
            return {"zoom_invite": _zoom(self.token, password)}
        if self.kind == "google_meet":
            return {"meet_invite": _meet(self.token)}
        if self.kind.startswith("microsoft_teams"):
            return {"teams_invite": _teams(self.kind, self.token)}
        if self.kind.startswith("webex"):
            return {"webex_invite": _webex(self.kind, self.token)}
        return {"goto_meeting_invite": {"meeting_id": str(100_000_000 + self.token % 900_000_000)}}


def _password(token: int) -> str:
    return f"{token * 0x9E3779B1 % 2**32:x}"


def _zoom(token: int, password: str | None) -> dict[str, Any]:
    return {"meeting_id": str(80_000_000_000 + token % 9_999_999_999), "meeting_password": password}


def _meet(token: int) -> dict[str, Any]:
    letters = "".join(_LETTERS[token >> shift & 15] for shift in range(0, 40, 4))
    return {"meeting_id": f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"}


@lru_cache(_CACHED)
def _teams(kind: str, token: int) -> dict[str, Any]:
    if kind == "microsoft_teams_live":
        business = {"meeting_id": str(9_300_000_000_000 + token % 10**11), "meeting_password": _password(token)}
        return {"organizer_id": None, "tenant_id": None, "message_id": None, "thread_id": None, **business}
    rng = generator("teams", token)
    return {
        "organizer_id": _uuid(rng.getrandbits(128)),
        "tenant_id": _uuid(rng.getrandbits(128)),
        "message_id": "0",
        "thread_id": f"19:meeting_{rng.getrandbits(128):032x}@thread.v2",
    }


def _webex(kind: str, token: int) -> dict[str, Any]:
    if kind == "webex_personal_room":
        return {"meeting_subdomain": "meet", "meeting_personal_room_id": f"room{token % 10**6}"}
    return {"meeting_subdomain": "meet", "meeting_path": "meet/j.php", "meeting_mtid": f"m{token:032x}"}


def _uuid(bits: int) -> str:
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"
