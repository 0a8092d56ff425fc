"""The mutants of a module: where each fault goes, and what the line says then."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code

from tests.mutants.operators import NAMES, operator_of
from tests.mutants.targets import Target

_NO_CODE = ("decorator", "import_name", "import_from")


@dataclass(frozen=True)
class Mutant:
    """One fault in one module."""

    target: Target
    operator: str
    occurrence: int
    """Which of the operator's places in the module."""
    line: int
    """Where, from 1 up."""

    def code(self, source: str) -> str:
        """The module with the fault in it."""
        found: str | None = mutate_code(source, operator_of(self.operator), self.occurrence)
        if found is None:
            raise ValueError(f"{self.target.module} has no place {self.occurrence} for {self.operator}")
        return found

    def change(self, source: str) -> tuple[str, str]:
        """What the line said, and what it says with the fault."""
        lines = [*unified_diff(source.splitlines(), self.code(source).splitlines(), n=0, lineterm="")][2:]
        before = [line[1:].strip() for line in lines if line.startswith("-")]
        after = [line[1:].strip() for line in lines if line.startswith("+")]
        return " ".join(before), " ".join(after)


def mutants_of(target: Target, root: Path) -> Iterator[Mutant]:
    """All mutants of a module, but for those in types, decorators, imports and guards (`strict=True`), which change
    nothing that the module answers."""
    tree = parso.parse((root / target.module).read_text())
    for name in NAMES:
        operator, occurrence = operator_of(name), 0
        for node in ast_nodes(tree):
            for start, _ in operator.mutation_positions(node):
                if _counts(tree.get_leaf_for_position(start), target.parts):
                    yield Mutant(target, name, occurrence, start[0])
                occurrence += 1


def _counts(leaf: Any, parts: tuple[str, ...]) -> bool:
    outer = [*_around(leaf)]
    if any(inner.type in _NO_CODE or _is_type(inner) or _is_guard(inner) for inner in outer):
        return False
    names = {inner.node.name.value for inner in outer if inner.type in ("funcdef", "classdef")}
    return not parts or bool(names & set(parts))


def _around(leaf: Any) -> "Iterator[_Inner]":
    """What the leaf is in, the nearest first."""
    node = leaf
    while node.parent is not None:
        yield _Inner(node, node.parent)
        node = node.parent


@dataclass(frozen=True)
class _Inner:
    """A node as the child of the one around it."""

    child: Any
    node: Any

    @property
    def type(self) -> str:
        """What the outer one is."""
        return str(self.node.type)


def _is_type(inner: _Inner) -> bool:
    """Whether the child is a type: of a parameter, of an answer, of a field."""
    children = inner.node.children
    if inner.type == "tfpdef":
        return inner.child is children[2]
    if inner.type == "funcdef":
        return inner.child is inner.node.annotation
    return inner.type == "annassign" and inner.child is children[1]


def _is_guard(inner: _Inner) -> bool:
    return inner.type == "argument" and inner.node.children[0].get_code().strip() == "strict"
