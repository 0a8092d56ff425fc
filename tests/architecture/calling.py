"""Which functions of the store a part of the code calls, for the tests that argue each of them."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path


def store_calls(files: Iterable[Path]) -> Iterator[str]:
    """Functions of the modules of `lib.store` that these files call, as "module.function"."""
    for file in files:
        nodes = list(ast.walk(ast.parse(file.read_text())))
        imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "lib.store"]
        names = {alias.asname or alias.name: alias.name for node in imports for alias in node.names}
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                module = node.func.value
                if isinstance(module, ast.Name) and module.id in names:
                    yield f"{names[module.id]}.{node.func.attr}"
