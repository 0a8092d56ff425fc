"""What the documents say is so: settings, errors, commands and files are there, and no others."""

import ast
import re
from pathlib import Path

import pytest

from lib import errors
from lib.errors import DeskError
from lib.settings import Settings

ROOT = Path(__file__).parents[2]
GUIDES = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_stands_in_the_table_and_every_row_is_a_setting() -> None:
    first_cells = re.findall(r"^\| (`[^|]+) \|", text("docs/SETTINGS.md"), re.MULTILINE)
    documented = [name for cell in first_cells for name in re.findall(r"`([A-Z_]+)`", cell)]
    assert sorted(documented) == sorted(name.upper() for name in Settings.model_fields)


def drawn_tree() -> dict[str, str]:
    """Class -> parent, as the docstring of lib.errors draws them: four letters deeper is one generation further."""
    parents, path = dict[str, str](), list[str]()
    for line in (errors.__doc__ or "").splitlines():
        if drawn := re.fullmatch(r"([│├└─ ]*)(\w+)( .*)?", line):
            path[len(drawn[1]) // 4 :] = [drawn[2]]
            if len(path) > 1:
                parents[path[-1]] = path[-2]
    return parents


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    defined = [c for c in vars(errors).values() if isinstance(c, type) and c.__module__ == errors.__name__]
    lines = [[c.__name__ for c in each.__mro__ if not c.__name__.startswith("_")] for each in defined]
    assert drawn_tree() == {line[0]: line[1] for line in lines if line[0] != DeskError.__name__}


def raised_kinds() -> dict[str, tuple[str, ...]]:
    """Every exception class that lib defines outside lib.errors and the sandbox: "file: name" -> names of its bases."""
    found = {}
    for file in (ROOT / "lib").rglob("*.py"):
        if file.is_relative_to(ROOT / "lib" / "sandbox") or file.name == "errors.py":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            bases = tuple(ast.unparse(base) for base in node.bases) if isinstance(node, ast.ClassDef) else ()
            if isinstance(node, ast.ClassDef) and any(re.search(r"(Error|Exception)$", base) for base in bases):
                found[f"{file.relative_to(ROOT)}: {node.name}"] = bases
    return found


def test_whatever_lib_raises_of_its_own_belongs_to_the_one_tree() -> None:
    tree = {c.__name__ for c in vars(errors).values() if isinstance(c, type) and issubclass(c, DeskError)}
    assert {where: bases for where, bases in raised_kinds().items() if not tree & set(bases)} == {}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("guide", GUIDES)
def test_every_make_target_that_is_named_exists(guide: str) -> None:
    code = re.findall(r"`([^`\n]+)`", text(guide)) + re.findall(r"^ {4}(.+)$", text(guide), re.MULTILINE)
    named = {target for words in code for target in re.findall(r"\bmake ([a-z]+)\b", words.partition("#")[0])}
    assert named, "the commands are not found"
    assert named <= targets()


def test_make_alone_lists_every_target_that_people_call() -> None:
    explained = set(re.findall(r"^([a-z]+):.* ## ", text("Makefile"), re.MULTILINE))
    assert {"run", "test", "check", "format", "bench", "screenshots", "lock", "clean"} <= explained


@pytest.mark.parametrize("guide", GUIDES)
def test_every_file_that_is_linked_exists(guide: str) -> None:
    links = {target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text(guide))}
    local = {link for link in links if link and "://" not in link and not link.startswith("docs/pictures/")}
    assert {link for link in local if not (ROOT / link).exists()} == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_place_in_a_document_that_is_linked_exists(guide: str) -> None:
    for document, place in re.findall(r"\]\((\w+\.md)#([\w-]+)\)", text(guide)):
        heads = re.findall(r"^#+ (.+)$", text(document), re.MULTILINE)
        assert place in {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}


def test_every_command_of_python_that_is_named_can_be_run() -> None:
    modules = {m for guide in GUIDES for m in re.findall(r"python -m ([\w.]+)", text(guide)) if m.startswith("lib")}
    assert modules
    for module in modules:
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module
