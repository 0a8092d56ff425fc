"""Raw fields that the control route puts over an answer, and fields that it leaves out, whatever the answer is of."""

from typing import Any

from .errors import not_understood


def checked(sent: dict[str, Any]) -> dict[str, Any]:
    """The `extra` and `omit` that were sent. Raises the 400 refusal for anything else."""
    if sent.keys() - {"extra", "omit"}:
        raise not_understood("Only extra and omit can be changed here.")
    omit = sent.get("omit", [])
    if not isinstance(sent.get("extra", {}), dict) or not isinstance(omit, list):
        raise not_understood("extra is an object, omit a list of names.")
    return sent


def put_over(body: dict[str, Any], raw: dict[str, Any] | None) -> dict[str, Any]:
    """The answer with the raw fields in it, without those left out."""
    if not raw:
        return body
    changed, omit = body | raw.get("extra", {}), raw.get("omit", ())
    return {name: value for name, value in changed.items() if name not in omit}
