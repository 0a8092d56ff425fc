"""docs/MUTANTS.md, as `make mutants` reads it."""

from pathlib import Path

from tests.mutants.argued import LIST, argued
from tests.mutants.targets import files_of, targets

ROOT = Path(__file__).parents[2]


def test_every_line_that_argues_is_read_and_is_of_a_module_that_is_mutated() -> None:
    lines = [line for line in (ROOT / LIST).read_text().splitlines() if line.startswith("- ")]
    found = argued(ROOT)
    assert len(found) == len(lines) > 0
    assert {change.module for change in found} <= {target.module for target in targets(ROOT)}
    assert all(change.before != change.after and why[0].islower() for change, why in found.items())


def test_every_module_that_is_mutated_and_its_tests_are_there() -> None:
    for target in targets(ROOT):
        assert (ROOT / target.module).exists()
        files = files_of(target, ROOT)
        assert files
        assert all((ROOT / file).exists() for file in files)
