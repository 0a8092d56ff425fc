"""What to say where a preset's text breaks the grammar, in a sentence that names the remedy."""

from collections.abc import Container, Sequence

from lark import Token

from lib.bot_config.findings import shown
from lib.bot_config.literals import bare, cut, quoted

CLOSING = {"LBRACE": "}", "LSQB": "]"}
NOT_JSON = {"True": "true", "False": "false", "None": "null", "undefined": "null", "NaN": "a number"}
_CURLY = "“”„‟‘’‚‛«»"


def unexpected_token(
    token: Token, expected: Container[str], opened: Sequence[Token], previous: Token | None
) -> tuple[str, Token]:
    """The sentence, and the token that it is about.

    `expected` names the terminals that the grammar takes here, `opened` the brackets that are open, outermost first.
    """
    is_end = token.type == "$END"
    if not opened or previous is None:
        return _outside_preset(is_end, is_over=previous is not None), token
    if "COLON" in expected:
        return f"After the key {shown(previous.value)} a colon is missing.", token
    if is_end and previous.type not in ("COLON", "LSQB"):
        last = opened[-1]
        return f"This {last} is never closed: a {CLOSING[last.type]} is missing.", last
    if "LBRACE" in expected:
        return _word(token) if token.type == "WORD" else _missing("a value", token), token
    if "WORD" in expected:
        return _missing("a key", token), token
    return f"Before this a comma is missing, or a {CLOSING[opened[-1].type]}.", token


def unexpected_sign(rest: str) -> str:
    """The sentence about a sign that no token begins with, which the rest of the text begins with."""
    sign = rest[0]
    if sign in "\"'":
        return "This text does not end: its closing quotation mark is missing on the same line."
    if rest.startswith("/*"):
        return "This comment does not end: */ is missing."
    if sign in _CURLY:
        return f'{sign} is a typographic quotation mark, as chats and word processors make them. Use " instead.'
    if rest.startswith("...") or sign == "…":
        return "Here an example leaves something out. Fill it in, or take it out."
    if sign == "<":
        return "Here an example wants a value of yours. Put it in, in quotation marks."
    return f"The sign {quoted(sign)} cannot stand here."


def _outside_preset(is_end: bool, is_over: bool) -> str:
    if is_over:
        return "The preset ends before this. Take out what follows, or a brace } too many above it."
    if is_end:
        return "There is no preset here yet."
    return "A preset is one JSON object: it begins with { and ends with }."


def _word(token: Token) -> str:
    word = bare(token)
    if meant := NOT_JSON.get(word):
        return f"{word} is not JSON: write {meant}."
    return f"The text {cut(word)} needs quotation marks around it."


def _missing(what: str, token: Token) -> str:
    if token.type == "$END":
        return f"The text ends where {what} must stand."
    return f"Here {what} must stand, not {quoted(token if token.type == 'TEXT' else bare(token))}."
