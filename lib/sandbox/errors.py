"""Recall's refusals: a status, a body in one of its forms, and headers (contract 12.1)."""

from typing import Any

ALLOW = "GET, POST, HEAD, OPTIONS"
"""What a 401 claims to allow, whatever the path does allow (contract 12.1)."""


class Refusal(Exception):
    """An answer other than success. `body` is JSON, or a page as text."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.body = body
        self.headers = headers or {}
        super().__init__(status)


def not_authenticated(
    detail: str = "Authentication credentials were not provided.", code: str = "not_authenticated"
) -> Refusal:
    """401: no credentials, or (with `authentication_failed`) credentials that are not good."""
    return Refusal(401, {"code": code, "detail": detail}, {"WWW-Authenticate": "Token", "Allow": ALLOW})


def authentication_failed(detail: str) -> Refusal:
    """401: credentials came and are not good."""
    return not_authenticated(detail, "authentication_failed")


def not_found() -> Refusal:
    """404 for an object that does not exist, or is not the asker's."""
    return Refusal(404, {"code": "not_found", "detail": "Not found."})


def bad_input(fields: Any) -> Refusal:
    """400 with a map from field to its complaints, nested as the input is."""
    return Refusal(400, fields)


def not_understood(sentence: str) -> Refusal:
    """400 in the control route's own words."""
    return Refusal(400, {"detail": sentence})


def calendar_lost() -> Refusal:
    """422: none of the user's calendars can be read (contract N2)."""
    return Refusal(422, {"code": "calendar_disconnected", "detail": "The calendar is not connected."})


def throttled(seconds: int) -> Refusal:
    """429; nothing more is taken for this many seconds."""
    detail = f"Request was throttled. Expected available in {seconds} seconds."
    return Refusal(429, {"code": "throttled", "detail": detail}, {"Retry-After": str(seconds)})


def page(heading: str, sentence: str) -> str:
    """A page as a gateway writes it."""
    return (
        f"<!DOCTYPE html>\n<html><head><title>{heading}</title></head>\n"
        f"<body><h1>{heading}</h1><p>{sentence}</p></body></html>\n"
    )


def blocked() -> Refusal:
    """403 by the firewall: a page, not JSON."""
    return Refusal(403, page("403 ERROR", "The request could not be satisfied. Request blocked."))


def no_such_page() -> Refusal:
    """404 for an unknown path: a page, not JSON."""
    return Refusal(404, page("Not Found", "The requested resource was not found on this server."))
