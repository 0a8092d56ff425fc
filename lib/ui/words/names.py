"""Which names from outside may stand in a sentence, where Markdown would read them."""

import re

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?!www\.){_LABEL}(?:\.{_LABEL}){{1,4}}", re.ASCII)
_LONGEST = 60


def sayable(name: object) -> str | None:
    """The name where it is a plain domain such as "acme.example", else None: then the sentence does without it.

    A domain that begins with "www." is left out, because Markdown would make a link of it.
    """
    return name if isinstance(name, str) and len(name) <= _LONGEST and _DOMAIN.fullmatch(name) else None
