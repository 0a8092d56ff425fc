"""Which faults are made: cosmic-ray's, one of each sort that tells, and a few that fit how this code is written."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, TypeAlias

import parso
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator
from parso.python.tree import Keyword, Name, String

Span: TypeAlias = tuple[tuple[int, int], tuple[int, int]]

THEIRS = (
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Add_Sub", "Sub_Add", "Mul_Add", "Div_Mul", "FloorDiv_Mul")),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Mod_Mul", "Pow_Mul", "RShift_LShift", "LShift_RShift")),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("BitOr_BitAnd", "BitAnd_BitOr", "BitXor_BitAnd")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt")),
    *(f"ReplaceUnaryOperator_Delete_{sign}" for sign in ("Not", "USub", "Invert")),
    *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak"),
    *("ExceptionReplacer", "NumberReplacer", "ZeroIterationForLoop"),
)
"""Of the eleven operators that may stand in another's place one is enough: the rest mostly break what the first did."""


class NegateFilter(Operator):  # type: ignore[misc]  # cosmic-ray has no types
    """`[x for x in xs if y]` becomes `[x for x in xs if not (y)]`: a condition that cosmic-ray leaves alone."""

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        """What becomes of what."""
        return (Example("[x for x in xs if y]", "[x for x in xs if not (y)]"),)

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """The conditions of comprehensions."""
        if node.type == "comp_if":
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Turn it round."""
        node.children[1] = parso.parse(f" not ({node.children[1].get_code().strip()})")
        return node


class TurnMembership(Operator):  # type: ignore[misc]
    """`x in y` becomes `x not in y`, and the other way round."""

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        """What becomes of what."""
        return (Example("x in y", "x not in y"), Example("x not in y", "x in y"))

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Each `in` and `not in` of a comparison."""
        for sign in _memberships(node):
            yield sign.start_pos, sign.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Turn it round."""
        sign = _memberships(node)[index]
        turned = " in" if sign.get_code().split() == ["not", "in"] else " not in"
        node.children[node.children.index(sign)] = parso.parse(turned)
        return node


class SwapArguments(Operator):  # type: ignore[misc]
    """`f(a, b)` becomes `f(b, a)`: arguments beside each other that go by their place."""

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        """What becomes of what."""
        return (Example("f(a, b, c=d)", "f(b, a, c=d)"),)

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Each pair."""
        for one, other in _pairs(node):
            yield one.start_pos, other.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Swap the two."""
        one, other = _pairs(node)[index]
        first, second = node.children.index(one), node.children.index(other)
        node.children[first] = parso.parse(other.get_code(include_prefix=False))
        node.children[second] = parso.parse(f" {one.get_code(include_prefix=False)}")
        return node


class AnswerNothing(Operator):  # type: ignore[misc]
    """`return x` becomes `return None`."""

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        """What becomes of what."""
        return (Example("def f():\n    return x", "def f():\n    return None"),)

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """What is answered, unless it is nothing."""
        if node.type == "return_stmt" and node.children[1].get_code().strip() != "None":
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Answer None."""
        node.children[1] = parso.parse(" None")
        return node


OTHERS: Mapping[str, str] = {
    **{"held": "asked", "asked": "recorded", "recorded": "held", "recordable": "booked", "booked": "recordable"},
    **{"unsettled": "did_not_happen", "did_not_happen": "unsettled", "partial": "empty", "empty": "partial"},
    **{"will_record": "booked", "missed": "recorded", "numerator": "denominator", "denominator": "numerator"},
    **{"min": "max", "max": "min", "any": "all", "all": "any", "UPCOMING": "ENDED", "ENDED": "UPCOMING"},
    **{"start_time": "end_time", "end_time": "start_time", "minimum": "maximum", "maximum": "minimum"},
}
"""What is easily taken for each other, a figure for another above all."""


class TakeTheOther(Operator):  # type: ignore[misc]
    """A figure, a time or a bound becomes another one, as an attribute, a name or a key."""

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        """What becomes of what."""
        return (Example("ended.held", "ended.asked"), Example("masks['held']", "masks['asked']"))

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Each name and text that is one of these."""
        if _word(node) in OTHERS:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Take the other."""
        word = _word(node)
        node.value = node.value.replace(word, OTHERS[word])
        return node


OURS = {each.__name__: each for each in (NegateFilter, TurnMembership, SwapArguments, AnswerNothing, TakeTheOther)}
NAMES = (*THEIRS, *OURS)


def operator_of(name: str) -> Any:
    """An operator by its name."""
    return OURS[name]() if name in OURS else get_operator(f"core/{name}")()


def _memberships(node: Any) -> list[Any]:
    if node.type != "comparison":
        return []
    return [sign for sign in node.children[1::2] if sign.get_code().split() in (["in"], ["not", "in"])]


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    if node.type != "arglist" or _is_unordered(node):
        return []
    given = node.children[::2]
    pairs = [pair for pair in pairwise(given) if all(_goes_by_place(each) for each in pair)]
    return [pair for pair in pairs if not all(_is_sentence(each) for each in pair)]


def _is_unordered(arguments: Any) -> bool:
    """Whether the order means nothing: of `min(a, b)` and `max(a, b)`."""
    return str(arguments.parent.get_previous_leaf().value) in ("min", "max")


def _is_sentence(argument: Any) -> bool:
    """Words for people, of which no test can say whether others would be better."""
    return isinstance(argument, String) and " " in argument.value


def _goes_by_place(argument: Any) -> bool:
    return str(argument.type) != "argument"


def _word(node: Any) -> str:
    """The name or what the text says; nothing where a name is given."""
    if isinstance(node, Keyword):
        return ""
    if isinstance(node, Name):
        return "" if node.is_definition() else str(node.value)
    return str(node.value[1:-1]) if isinstance(node, String) else ""
