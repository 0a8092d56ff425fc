"""Who clicks is asked anew at every click: a callback runs before a page's guard, and a fragment without it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CALLBACKS = {"on_click", "on_change", "on_select", "on_submit", "on_dismiss", "on_pick", "on_refresh", "retry"}
DOES = {"write", "start_batch", "read_again", "settle_in_background", "follow_bookings"}
"""Methods by which something is done, whatever they are called on."""
BY_ITSELF = {("lib.ui.widgets.page_head", "on_refresh"), ("lib.ui.widgets.notices", "retry")}
"""Parameters whose callback is wrapped in a guard where it is taken."""
GUARDS = {"authorize", "require_session"}


@dataclass
class Module:
    """Functions by name, and where imported names are from."""

    name: str
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    tree: ast.Module = field(default_factory=lambda: ast.Module([], []))


@cache
def modules() -> dict[str, Module]:
    files = [*(ROOT / "lib" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    return {module.name: module for module in map(_read, files)}


def _read(file: Path) -> Module:
    module = Module(".".join(file.relative_to(ROOT).with_suffix("").parts), tree=ast.parse(file.read_text("utf-8")))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef):
            module.functions[node.name] = node
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                module.imported[name.asname or name.name] = (node.module, name.name)
    return module


def calls(body: ast.AST) -> Iterator[ast.Call]:
    """What is called by it, leaving out what functions inside of it do when they are called."""
    for child in ast.iter_child_nodes(body):
        if isinstance(child, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from calls(child)


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def does_something(call: ast.Call, module: Module) -> bool:
    """Whether the call itself is a command, a write to the store, or has something read."""
    root = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    came_from = module.imported.get(getattr(root, "id", ""), ("", ""))[0]
    if came_from.startswith("lib.commands") and name_of(call)[:1].islower():
        return True
    return isinstance(call.func, ast.Attribute) and call.func.attr in DOES


def unguarded(body: ast.AST, module: Module, seen: frozenset[int] = frozenset()) -> str | None:
    """The first thing that is done, by it or by what it calls, before anybody asked who clicks."""
    for call in sorted(calls(body), key=lambda each: (each.lineno, each.col_offset)):
        if name_of(call) in GUARDS:
            return None
        if does_something(call, module):
            return f"{module.name}:{call.lineno} {name_of(call)}"
        called, where = resolve(getattr(call.func, "id", ""), module)
        if called is not None and id(called) not in seen and (found := unguarded(called, where, seen | {id(called)})):
            return found
    return None


def resolve(name: str, module: Module) -> tuple[ast.FunctionDef | None, Module]:
    if name in module.functions:
        return module.functions[name], module
    source, original = module.imported.get(name, ("", ""))
    where = modules().get(source, module)
    return (where.functions.get(original) if where is not module else None), where


def callbacks() -> Iterator[tuple[str, ast.AST, Module]]:
    """Everything that is given to a widget to be called."""
    for module in modules().values():
        for call in ast.walk(module.tree):
            if not isinstance(call, ast.Call):
                continue
            for given in call.keywords:
                taken_in, _ = module.imported.get(name_of(call), (module.name, ""))
                if given.arg in CALLBACKS and (taken_in, given.arg) not in BY_ITSELF:
                    for body, where in bodies(given.value, module):
                        yield f"{module.name}:{call.lineno}", body, where


def bodies(value: ast.expr, module: Module) -> Iterator[tuple[ast.AST, Module]]:
    """What runs when it is called: a function, a lambda, or what `partial` holds of either."""
    if isinstance(value, ast.Lambda):
        yield ast.Expr(value.body), module
    elif isinstance(value, ast.Call) and name_of(value) == "partial":
        yield from bodies(value.args[0], module)
    elif isinstance(value, ast.Attribute) and value.attr in DOES:
        yield ast.Expr(ast.Call(value, [], [], lineno=value.lineno, col_offset=0)), module
    elif isinstance(value, ast.Name):
        held = [
            each.value
            for each in ast.walk(module.tree)
            if isinstance(each, ast.Assign) and [getattr(t, "id", "") for t in each.targets] == [value.id]
        ]
        found, where = resolve(value.id, module)
        if found is not None:
            yield found, where
        for each in held:
            yield from bodies(each, module)


def test_callbacks_that_have_something_done_ask_first_who_clicks() -> None:
    found = [(at, unguarded(body, module)) for at, body, module in callbacks()]
    assert len(found) > 60
    assert [(at, what) for at, what in found if what] == []


def fragments() -> Iterator[tuple[str, ast.FunctionDef]]:
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and any(_is_fragment(each) for each in node.decorator_list):
                yield f"{module.name}.{node.name}", node


def _is_fragment(decorator: ast.expr) -> bool:
    made = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(made, ast.Attribute) and made.attr in ("fragment", "dialog")


@pytest.mark.parametrize(("name", "fragment"), [pytest.param(name, node, id=name) for name, node in fragments()])
def test_a_fragment_asks_first_who_looks(name: str, fragment: ast.FunctionDef) -> None:
    body = [each for each in fragment.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    assert any(name_of(call) in GUARDS for call in calls(body[0])), name


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("def f():\n    if authorize(P) is None:\n        return\n    undo(1)", False),
        ("def f():\n    undo(1)\n    authorize(P)", True),
        ("def f():\n    g()\ndef g():\n    desk().store.write()", True),
        ("def f():\n    x()", False),
    ],
)
def test_what_is_looked_for_is_found(code: str, is_found: bool) -> None:
    module = Module("made.up", imported={"undo": ("lib.commands.undo", "undo")}, tree=ast.parse(code))
    module.functions = {node.name: node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)}
    assert (unguarded(module.functions["f"], module) is not None) is is_found
