"""A static page in HTML, for visitors without a session or for answers that need none."""

from starlette.responses import HTMLResponse, Response

NOT_KEPT = {"cache-control": "no-store"}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:4rem auto;padding:0 1.25rem;"
    "color:#0c151d;background:#fff}h1{font-size:1.4rem}"
    "@media(prefers-color-scheme:dark){body{color:#e6ebf0;background:#10171e}}"
)


def small_page(title: str, *sentences: str, status: int = 200) -> Response:
    """The page. Our own words only: nothing of the request is repeated."""
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>{text}</main></body></html>",
        status,
        NOT_KEPT,
    )
