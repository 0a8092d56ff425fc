"""What a page takes from the store without `lib.reading` looking at whose data may be seen: each with its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
OF_ONE_SEEN = "of a user whom the page found among those that are seen"
OF_ENTRIES_SEEN = "of entries that were found among those that are seen"
OF_NOBODY = "of no calendar user"
WHY = {
    "agreements.of_all": "how well our estimate does, over all saves: a share and a count, of nobody",
    "batches.items": "of a change of many users that `lib.reading.many` answered",
    "bot_configs.draft": OF_NOBODY,
    "bot_configs.last_sent": OF_NOBODY,
    "bot_configs.text_of": OF_NOBODY,
    "bot_configs.versions": OF_NOBODY,
    "bots.find": OF_ENTRIES_SEEN,
    "counting.latest": "shares of the whole workspace, for who sees all of it",
    "changes.of_target": OF_ONE_SEEN,
    "events.StaffChange": "reads nothing",
    "links.of_user": OF_ONE_SEEN,
    "looked.look": "when oneself last looked",
    "observations.since": "takes the sight, or users that are seen",
    "passes.as_of": OF_NOBODY,
    "passes.ask": OF_NOBODY,
    "passes.first_complete": OF_NOBODY,
    "passes.latest": OF_NOBODY,
    "standing.look": "numbers for who shows METRICS_TOKEN",
    "users.find": "looks at the customer before anything is told",
}


def called() -> Iterator[str]:
    """Functions of `lib.store` that `lib.ui` and the pages call, as "module.function"."""
    for file in (*ROOT.glob("lib/ui/**/*.py"), *ROOT.glob("pages/*.py")):
        nodes = list(ast.walk(ast.parse(file.read_text())))
        imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "lib.store"]
        names = {alias.asname or alias.name: alias.name for node in imports for alias in node.names}
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                module = node.func.value
                if isinstance(module, ast.Name) and module.id in names:
                    yield f"{names[module.id]}.{node.func.attr}"


def test_a_page_reads_nothing_from_the_store_but_what_is_argued_here() -> None:
    assert set(called()) == set(WHY)
