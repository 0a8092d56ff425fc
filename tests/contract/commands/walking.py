"""Walks a connect link as a person's browser does: the consent page, the redirects, the page at the end."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str


def fetch(url: str, form: dict[str, str] | None = None, method: str | None = None) -> Answer:
    """One request, no redirect followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        body = None if form is None else urlencode(form)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method or ("GET" if form is None else "POST"), target, body)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheader("location") or "", answer.read().decode())
    finally:
        connection.close()


def consent(url: str, account: str, **form: str) -> str:
    """Allow it (or what `form` says) for `account`; answers where the provider sends the browser."""
    sent = {"account": account, "calendar": "yes", "decision": "allow", **form}
    answer = fetch(url, sent)
    assert answer.status == 303, answer.body
    return answer.location


def walk(url: str, account: str, **form: str) -> str:
    """The whole way; answers the address of the last page, which is not opened."""
    answer = fetch(consent(url, account, **form))
    assert answer.status == 302, answer.body
    return answer.location
