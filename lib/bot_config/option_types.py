"""What the value of an option may be: pydantic types whose errors are sentences of ours that quote the value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from lib.bot_config.findings import DOCUMENTED, Level, listed, shown

ABSENT: Any = None
"""The default of an option that may be left out and may not be null: Recall has a default of its own."""
MOST_NAMED = 12
"""Longer lists of what is allowed are cut."""
UNKNOWN_KEY = "unknown_key"
"""The type of error about a key without an option. The others have a `Level` for their type."""


Sentence: TypeAlias = str | Callable[[], str]
"""What a finding says, or a function that finds it where that takes long: it is called for what is shown alone. Not a
`partial`, because pydantic writes every part of an error out."""


def told(kind: str, sentence: Sentence) -> PydanticCustomError:
    """The error by which a validator tells a finding: `kind` is its level."""
    return PydanticCustomError(kind, "", {"sentence": sentence})


def must(is_right: Callable[[Any], bool], words: str) -> BeforeValidator:
    """An error unless a value is right: what it must be, and what it is."""

    def check(value: Any) -> Any:
        if not is_right(value):
            raise told(Level.ERROR, f"{words} It is {shown(value)}.")
        return value

    return BeforeValidator(check)


def whole(least: int, default: str = "", unit: str = "seconds") -> BeforeValidator:
    """A whole number, `least` or more. `default` says in words what applies where none is given."""
    unless = f" ({default} unless given)" if default else ""
    words = f"Must be a whole number of {unit}, {least} or more{unless}."
    return must(lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least, words)


def text(longest: int | None = None) -> BeforeValidator:
    """Text of at most `longest` letters; a warning where it is empty."""

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise told(Level.ERROR, f"Must be text. It is {shown(value)}.")
        if longest is not None and len(value) > longest:
            raise told(Level.ERROR, f"Must be at most {longest:,} letters long. It has {len(value):,}.")
        if not value.strip():
            raise told(Level.WARNING, "This text is empty. Fill it in, or take the key out.")
        return value

    return BeforeValidator(check)


def one_of(words: Sequence[str], instead: Mapping[str, str] | None = None) -> BeforeValidator:
    """One of a few words. `instead` are known words that are not allowed here, each with a sentence why."""

    def check(value: Any) -> Any:
        if not isinstance(value, str) or value not in words:
            raise told(Level.ERROR, lambda: wrong_word(value, words, instead or {}))
        return value

    return BeforeValidator(check)


def wrong_word(value: Any, words: Sequence[str], instead: Mapping[str, str]) -> str:
    """What to write for a word that is none of these: the nearest, and where few are allowed or none is near, all."""
    if isinstance(value, str) and value in instead:
        return instead[value]
    near = nearest(value, words)
    few = len(words) <= MOST_NAMED // 2 or not near
    return f"{shown(value)} is not known here.{near}{f' It must be {listed(words)}.' if few else ''}"


def address(plain: str, encrypted: str) -> BeforeValidator:
    """A URL with one of two schemes; a warning where it is the one without encryption."""

    def check(value: Any) -> Any:
        scheme, host = _scheme_and_host(value)
        if scheme not in (plain, encrypted):
            allowed = f"Must be an address that begins with {encrypted}:// or {plain}://."
            raise told(Level.ERROR, f"{allowed} It is {shown(value)}.")
        if not host:
            raise told(Level.ERROR, f"This address names no host. It is {shown(value)}.")
        if scheme == plain:
            raise told(
                Level.WARNING,
                f"{plain}:// is not encrypted: what is said in meetings would cross the internet in the open. "
                f"Use {encrypted}://.",
            )
        return value

    return BeforeValidator(check)


def items(what: str) -> WrapValidator:
    """A list; a warning for texts that it holds twice. `what` names the items in the plural."""

    def check(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        if not isinstance(value, list):
            raise told(Level.ERROR, f"Must be a list of {what} in brackets [ ]. It is {shown(value)}.")
        faults = list(_twice(value))
        try:
            handler(value)
        except ValidationError as problem:
            faults += [Options.fault(each) for each in problem.errors(include_url=False)]
        if faults:
            raise ValidationError.from_exception_data(what, faults)
        return value

    return WrapValidator(check)


def _twice(values: list[Any]) -> Iterator[InitErrorDetails]:
    seen = set[str]()
    for position, value in enumerate(values):
        if isinstance(value, str) and value in seen:
            yield _line(Level.WARNING, f"{shown(value)} stands in this list already.", (position,))
        elif isinstance(value, str):
            seen.add(value)


def by_word(
    key: str, models: Mapping[str, "type[Options]"], instead: Mapping[str, str] | None = None
) -> BeforeValidator:
    """An object whose options depend on the word that one of its keys holds."""

    def check(value: Any) -> Any:
        if not isinstance(value, dict):
            raise told(Level.ERROR, Options.not_object.format(shown(value)))
        if key not in value:
            raise told(Level.ERROR, f'The key "{key}" is missing here: {listed(tuple(models))}.')
        word = value[key]
        if not isinstance(word, str) or word not in models:
            fault = _line(Level.ERROR, lambda: wrong_word(word, tuple(models), instead or {}), (key,))
            raise ValidationError.from_exception_data(key, [fault])
        return models[word].model_validate(value)

    return BeforeValidator(check)


Flag = Annotated[bool, must(lambda value: isinstance(value, bool), "Must be true or false, without quotation marks.")]
Text = Annotated[str, text()]
Contents = Annotated[
    dict[str, Any], must(lambda value: isinstance(value, dict), "Must be an object; {} has all defaults.")
]
"""An object whose contents the documentation leaves to others: only that it is one is looked at."""
_Label = Annotated[
    str | None,
    must(lambda value: value is None or isinstance(value, str), "Must be text or null, in quotation marks."),
]
Labels = Annotated[dict[str, _Label], must(lambda value: isinstance(value, dict), "Must be an object of texts.")]
"""A flat map of text to text or null, as all `metadata` is."""


class Options(BaseModel):
    """An object with known keys. Each of its errors is a sentence of ours, as deep as it may be."""

    model_config = ConfigDict(extra="forbid")
    not_object: ClassVar[str] = "Must be an object in braces {{ }}. It is {}."
    unknown_kind: ClassVar[str] = UNKNOWN_KEY
    not_here: ClassVar[Mapping[str, tuple[Level, str]]] = {}
    """Keys that exist at Recall and do nothing, or harm, in this place, each with a sentence why."""

    @model_validator(mode="wrap")
    @classmethod
    def _in_sentences(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(value)
        except ValidationError as problem:
            lines = [cls.fault(each) for each in problem.errors(include_url=False)]
            raise ValidationError.from_exception_data(cls.__name__, lines) from None

    @classmethod
    def fault(cls, details: ErrorDetails) -> InitErrorDetails:
        """The line of the error that says the same in a sentence of ours."""
        kind, place = details["type"], details["loc"]
        if kind == "missing":
            return _line(Level.ERROR, f'The key "{place[-1]}" is missing here.', place[:-1])
        if kind == "extra_forbidden":
            key = str(place[-1])
            kind, sentence = cls.not_here.get(key, (cls.unknown_kind, lambda: cls.unknown(key)))
            return _line(kind, sentence, place)
        if kind == "model_type":
            return _line(Level.ERROR, cls.not_object.format(shown(details["input"])), place)
        return _line(kind, details["ctx"]["sentence"], place)

    @classmethod
    def unknown(cls, key: str) -> str:
        """The sentence about a key that this object has no option for."""
        known = list(cls.model_fields)
        near = nearest(key, known)
        if not near and known:
            more = " and others" if len(known) > MOST_NAMED else ""
            near = f" Known here: {listed(known[:MOST_NAMED], 'and')}{more}."
        return f"{shown(key)} is not an option here in Recall's documentation of {DOCUMENTED}.{near}"


def _line(kind: str, sentence: Sentence, place: tuple[str | int, ...]) -> InitErrorDetails:
    """One of the many errors that a `ValidationError` may have."""
    return InitErrorDetails(type=told(kind, sentence), loc=place, input=None)


def nearest(value: object, words: Sequence[str]) -> str:
    """ " Did you mean "gallery_view"?" where a word is near; else nothing."""
    near = get_close_matches(value[:100], words, 1) if isinstance(value, str) else []
    return f' Did you mean "{near[0]}"?' if near else ""


def _scheme_and_host(value: object) -> tuple[str, str]:
    """Empty where there is none."""
    if not isinstance(value, str):
        return "", ""
    try:
        parts = urlsplit(value.strip())
        return parts.scheme.lower(), parts.hostname or ""
    except ValueError:
        return "", ""
