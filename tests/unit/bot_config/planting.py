"""Presets that somebody might have, each with a secret in every place where one may be."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

SECRET = "s3cr3t"

ADDRESSES = (
    "https://hooks.acme.com/in/{}",
    "https://hooks.acme.com/{}/in",
    "https://hooks.acme.com?{}",
    "https://hooks.acme.com/in?{}",
    "https://hooks.acme.com/in?token={}&more=1",
    "https://hooks.acme.com/in?a=1;b={}",
    "https://hooks.acme.com/in#{}",
    "HTTPS://hooks.acme.com:8443/in#{}",
    "https://anna:{}@hooks.acme.com/in",
    "https://{}@hooks.acme.com",
    "wss://hooks.acme.com/{}?a='b'&c=\"d\"<{}>",
    "rtmps://live.acme.com/app/{}",
    "https://[2001:db8::1]/{}",
    "postgres://anna:{}@db.acme.com/x",
    "hooks.acme.com/{}",
    "//hooks.acme.com/{}",
)
SECRETIVE = (
    *("api_key", "apiKey", "X-Api-Key", "Authorization", "client_secret", "password", "PASSWD", "auth_token"),
    *("accessToken", "private-key", "pwd", "signing", "signature", "sig", "bearer", "cookie", "credentials"),
    *("metadata", "headers", "sessionId", "jwt", "hmac", "passphrase", "zak"),
)
PLACES: tuple[tuple[str, ...], ...] = (
    (),
    ("recording_config",),
    ("recording_config", "transcript", "provider", "deepgram_streaming"),
    ("output_media", "camera", "config"),
    ("zoom",),
    ("chat", "on_bot_join"),
    ("not", "known", "at all"),
)

_address = st.sampled_from(ADDRESSES)
_ADDRESS_KEYS = st.sampled_from(("url", "zak_url", "join_token_url", "callback", "endpoint", "webhook", "image"))
_said = st.sampled_from(("Recorded. See {} for more", "({})", "<{}>", "Bearer {}", "Authorization: Basic {}"))


def _in_words(words: str, address: str) -> str:
    return words.format(SECRET if words.endswith("{}") else address.format(*[SECRET] * 2))


_anything: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from((SECRET, f"{SECRET} and more", f"Bearer {SECRET}", f"https://a.com/{SECRET}")),
    lambda inner: st.lists(inner, min_size=1, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, min_size=1),
    max_leaves=3,
)


def _endpoint(address: str) -> dict[str, Any]:
    return {"type": "webhook", "url": address.format(*[SECRET] * 2), "events": ["transcript.data"]}


_held = st.one_of(
    st.builds(lambda key, address: {key: address.format(*[SECRET] * 2)}, _ADDRESS_KEYS, _address),
    st.builds(lambda words, address: {"message": _in_words(words, address)}, _said, _address),
    st.builds(lambda key, value: {key: value}, st.sampled_from(SECRETIVE), _anything),
    st.builds(lambda address: {address.format(*[SECRET] * 2): 1}, _address),
    st.builds(lambda address: {"realtime_endpoints": [_endpoint(address)]}, _address),
)


@st.composite
def presets(draw: Callable[[Any], Any]) -> dict[str, Any]:
    """Of plain options, with secrets in some places, all of which hold `SECRET`."""
    preset: dict[str, Any] = {"recording_config": {"retention": {"type": "timed", "hours": 168}}, "bot_name": "Desk"}
    for _ in range(draw(st.integers(1, 4))):
        place = preset
        for key in draw(st.sampled_from(PLACES)):
            place = place.setdefault(key, {})
        place.update(draw(_held))
    return preset
