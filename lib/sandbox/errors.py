"""Recall's refusals: a status, a body in one of several forms, and headers (contract 12.1)."""

from typing import Any

ALLOW = "GET, POST, HEAD, OPTIONS"
"""The methods that a 401 names whatever the path allows (contract 12.1)."""


class Refusal(Exception):
    """An error answer. `body` is JSON, or an HTML page as text."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.body = body
        self.headers = headers or {}
        super().__init__(status)


def not_authenticated(
    detail: str = "Authentication credentials were not provided.", code: str = "not_authenticated"
) -> Refusal:
    """401: no credentials were sent."""
    return Refusal(401, {"code": code, "detail": detail}, {"WWW-Authenticate": "Token", "Allow": ALLOW})


def authentication_failed(detail: str) -> Refusal:
    """401: the credentials that were sent are not valid."""
    return not_authenticated(detail, "authentication_failed")


def not_found() -> Refusal:
    """404: the object does not exist, or belongs to another user."""
    return Refusal(404, {"code": "not_found", "detail": "Not found."})


def bad_input(fields: Any) -> Refusal:
    """400: error messages by field, nested like the input."""
    return Refusal(400, fields)


def not_understood(sentence: str) -> Refusal:
    """400 of the control route, with a sentence."""
    return Refusal(400, {"detail": sentence})


def calendar_lost() -> Refusal:
    """422: none of the user's calendars can be read (contract N2)."""
    return Refusal(422, {"code": "calendar_disconnected", "detail": "The calendar is not connected."})


def throttled(seconds: int) -> Refusal:
    """429: no more requests are accepted for this many seconds."""
    detail = f"Request was throttled. Expected available in {seconds} seconds."
    return Refusal(429, {"code": "throttled", "detail": detail}, {"Retry-After": str(seconds)})


def page(heading: str, sentence: str) -> str:
    """An HTML page as a gateway sends it."""
    return (
        f"<!DOCTYPE html>\n<html><head><title>{heading}</title></head>\n"
        f"<body><h1>{heading}</h1><p>{sentence}</p></body></html>\n"
    )


def blocked() -> Refusal:
    """403 of the firewall: an HTML page, not JSON."""
    return Refusal(403, page("403 ERROR", "The request could not be satisfied. Request blocked."))


def no_such_page() -> Refusal:
    """404 for an unknown path: an HTML page, not JSON."""
    return Refusal(404, page("Not Found", "The requested resource was not found on this server."))
