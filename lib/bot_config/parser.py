"""A preset's text parsed into values, and where in the text each of them is.

Loose JSON is what Recall's own examples are written in: comments, trailing commas, single quotes, keys without quotes,
and the backslashes that a copy of their guide keeps of its Markdown, at the ends of lines and before punctuation.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lark import Lark, Token, UnexpectedCharacters, UnexpectedToken

from lib.bot_config.findings import Finding, Level, Path, shown
from lib.bot_config.literals import LINE_END, bare, markdown_in, number_of, text_of
from lib.bot_config.syntax_errors import CLOSING, unexpected_sign, unexpected_token
from lib.errors import BotConfigUnreadable

MOST_LETTERS = 1_000_000
MOST_LEVELS = 50
"""The deepest option of Recall is on level 7; free parts may go further."""
MOST_VALUES = 20_000
_REQUEST = re.compile(r"\s*(?:\$\s*)?(?:curl|GET|POST|PUT|PATCH|DELETE|fetch|await|import|const|requests\.)\b")
_CONSTANTS = {"true": True, "false": False, "null": None}
_GRAMMAR = r"""
    ?start: object
    object: LBRACE (pair ("," pair)* ","?)? "}"
    pair: (TEXT | WORD | CONSTANT) ":" value
    list: LSQB (value ("," value)* ","?)? "]"
    ?value: object | list | TEXT | NUMBER | CONSTANT

    LBRACE: "{"
    LSQB: "["
    TEXT: /"(?:[^"\\\n\r]++|\\(?:\r\n|[\s\S]))*+"|'(?:[^'\\\n\r]++|\\(?:\r\n|[\s\S]))*+'/
    NUMBER: /[-+.]?\d(?:[eE]\\?[-+]|[\w.]|\\\.)*+/
    CONSTANT.2: /(?:true|false|null)(?![\w$]|\\[_$])/
    WORD.1: /(?:[^\W\d]|\$|\\[_$])(?:[\w$]|\\[_$])*+/
    SPACE: /[\s\ufeff]++/
    COMMENT: /\/\\?\/[^\n\r]*+|\/\\?\*(?:[^*]++|\*(?!\/))*+\*\//
    MARKDOWN: /\\(?:(?=[^\w\s])|(?=[^\S\r\n]*+(?:[\r\n]|\Z)))/
    %ignore SPACE
    %ignore COMMENT
    %ignore MARKDOWN
"""
_LOOSE_JSON = Lark(_GRAMMAR, parser="lalr", lexer="basic")
_IGNORED = ("SPACE", "COMMENT", "MARKDOWN")
_LITERALS = {"TEXT": text_of, "NUMBER": number_of}
_VALUES = {"RBRACE": 0, "RSQB": 0, "COMMA": 0, "COLON": -1}
"""What a token adds to the number of values: 1 unless it is named here. A key and what follows its colon are one."""
_TOO_LONG = (
    "This text is {:.1f} MB long, and a preset is less than 1 MB. "
    "If it holds a picture, make the picture smaller; else look whether something else was pasted."
)
_TOO_DEEP = f"Here it goes deeper than {MOST_LEVELS} levels. No option of a bot is that deep."
_TOO_MANY = f"This holds more than {MOST_VALUES:,} values. No preset is that long."
_CALL = (
    "This is a call to Recall, not a preset. Creating a bot makes one bot, and PATCH changes nothing of a bot that a "
    "calendar booked. Paste the JSON body alone, and hand it to Recall as the workspace's preset."
)
_MARKDOWN = "Backslashes left over from Markdown are ignored, from here on. The JSON to hand over has none of them."


@dataclass(frozen=True, slots=True)
class ParsedPreset:
    """A preset's values, the line and column of each, and what is odd about its writing."""

    value: dict[str, Any]
    places: Mapping[Path, tuple[int, int]]
    """Of a value in an object where its key begins; of one in a list where it begins itself."""
    findings: tuple[Finding, ...]
    """Keys that are written twice and, once for all of them, backslashes that were ignored."""


def parse(text: str) -> ParsedPreset:
    """Parse a preset. Raises `BotConfigUnreadable` with the line, the column and what to do."""
    if len(text) >= MOST_LETTERS:
        raise BotConfigUnreadable(_TOO_LONG.format(len(text) / 1_000_000), 1, 1)
    if _REQUEST.match(text):
        raise BotConfigUnreadable(_CALL, 1, 1)
    syntax, contents = _Syntax(), _Contents()
    value = contents.placed(syntax.tree(LINE_END.sub("\n", text)), ())
    return ParsedPreset(value, contents.places, (*contents.doubled, *syntax.findings))


def as_json(value: object) -> str:
    """A preset as plain JSON, two spaces a level: what every reader takes. Keys stay in their order."""
    return json.dumps(value, indent=2, ensure_ascii=False)


class _Syntax:
    """One text on its way through the grammar. What is too much is refused before the rest of it is looked at."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._parser = _LOOSE_JSON.parse_interactive()
        self._opened: list[Token] = []
        self._previous: Token | None = None
        self._values = 0

    def tree(self, text: str) -> Any:
        """The text's object as the grammar has it, each token with its value."""
        end = Token("$END", "", line=text.count("\n") + 1, column=len(text) - text.rfind("\n"))
        try:
            for token in _LOOSE_JSON.lex(text, dont_ignore=True):
                self._note_markdown(token)
                if token.type not in _IGNORED:
                    self._feed(token)
            return self._parser.feed_token(end)
        except UnexpectedToken as problem:
            raise _refusal(*unexpected_token(problem.token, problem.expected, self._opened, self._previous)) from None
        except UnexpectedCharacters as problem:
            sentence = unexpected_sign(text[problem.pos_in_stream or 0 :])
            raise BotConfigUnreadable(sentence, problem.line, problem.column) from None

    def _feed(self, token: Token) -> None:
        if token.type in CLOSING and len(self._opened) >= MOST_LEVELS:
            raise _refusal(_TOO_DEEP, token)
        self._values += _VALUES.get(token.type, 1)
        if self._values > MOST_VALUES:
            raise _refusal(_TOO_MANY, token)
        self._parser.feed_token(token)
        try:
            token.value = _LITERALS.get(token.type, bare)(token)
        except ValueError as problem:
            raise _refusal(str(problem), token) from None
        if token.type in CLOSING:
            self._opened.append(token)
        elif token.type in ("RBRACE", "RSQB"):
            self._opened.pop()
        self._previous = token

    def _note_markdown(self, token: Token) -> None:
        """A note at the first backslash that is one of Markdown's."""
        if "\\" not in token or token.type == "COMMENT" or self.findings:
            return
        inside = markdown_in(token) if token.type == "TEXT" else token.index("\\")
        if inside is not None:
            line, column = _place(token)
            self.findings.append(Finding(Level.NOTE, (), _MARKDOWN, line, column + inside))


class _Contents:
    """Plain values out of a tree, and the place of each on the way. `MOST_LEVELS` bounds how deep it calls itself."""

    def __init__(self) -> None:
        self.places: dict[Path, tuple[int, int]] = {}
        self.doubled: list[Finding] = []

    def placed(self, node: Any, path: Path, key: Token | None = None) -> Any:
        """The value of a node, which is where its key is, or where it begins itself."""
        is_single = isinstance(node, Token)
        self.places[path] = _place(key or (node if is_single else node.children[0]))
        if is_single:
            return _CONSTANTS[node] if node.type == "CONSTANT" else node.value
        _, *inner = node.children
        if node.data == "list":
            return [self.placed(item, (*path, position)) for position, item in enumerate(inner)]
        found = dict[str, Any]()
        for name, value in (pair.children for pair in inner):
            if name.value in found:
                self._note_doubled((*path, name.value), name)
            found[name.value] = self.placed(value, (*path, name.value), name)
        return found

    def _note_doubled(self, path: Path, key: Token) -> None:
        first = self.places[path][0]
        sentence = f"{shown(path[-1])} is written twice: on line {first} too. Only the last one counts; take one out."
        self.doubled.append(Finding(Level.ERROR, path, sentence, *_place(key)))


def _place(token: Token) -> tuple[int, int]:
    return token.line or 0, token.column or 0


def _refusal(sentence: str, token: Token) -> BotConfigUnreadable:
    return BotConfigUnreadable(sentence, *_place(token))
