"""The command line: `python -m tests.mutants [--minutes N] [--seed S] [--again] [MODULE ...]`."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from time import monotonic

import orjson

from tests.mutants.argued import Change, argued
from tests.mutants.making import Mutant, mutants_of
from tests.mutants.targets import Target, files_of, targets
from tests.mutants.telling import Tried, told, unargued
from tests.mutants.trying import Copy, Outcome

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "mutants"
KEPT = FOLDER / "survivors.json"
SHORTEST_WAIT, TIMES_AS_LONG = 20.0, 5
TOLD_EVERY = 100


def main() -> int:
    """Try what there is time for. The exit status is 1 where a fault survives that docs/MUTANTS.md does not argue."""
    asked, began = _asked(), monotonic()
    chosen = targets(ROOT, tuple(asked.modules))
    mutants = {target.module: [*mutants_of(target, ROOT)] for target in chosen}
    wanted = _survivors(chosen, mutants) if asked.again else [*evenly(mutants, asked.seed)]
    why, tried = argued(ROOT), []
    for each in _try_all(wanted, began + 60 * asked.minutes):
        tried.append(each)
        if unargued([each], why):
            print(f"survived: {each.change.module}:{each.line} {each.change}", flush=True)
        if len(tried) % TOLD_EVERY == 0:
            print(f"{len(tried)} of {len(wanted)} tried, {monotonic() - began:.0f} s", flush=True)
    _keep(tried)
    print("\n".join(told({module: len(found) for module, found in mutants.items()}, tried, why, monotonic() - began)))
    return 1 if unargued(tried, why) else 0


def evenly(mutants: dict[str, list[Mutant]], seed: int) -> Iterator[Mutant]:
    """All of them, shuffled, in an order of which any beginning holds the same share of every module."""
    turns = []
    for module, found in mutants.items():
        shuffled = Random(f"{seed} {module}").sample(found, len(found))  # noqa: S311 - the same for the same seed
        turns += [((place + 0.5) / len(found), module, mutant) for place, mutant in enumerate(shuffled)]
    return (mutant for _, _, mutant in sorted(turns, key=lambda turn: turn[:2]))


def _try_all(wanted: Sequence[Mutant], ends: float) -> Iterator[Tried]:
    copy = Copy(ROOT, FOLDER / "tree")
    order: dict[Target, tuple[tuple[str, ...], float]] = {}
    for mutant in wanted:
        if monotonic() > ends:
            return
        if mutant.target not in order:
            order[mutant.target] = _quick_first(copy, mutant.target)
        tests, most = order[mutant.target]
        source = copy.source(mutant.target.module)
        with copy.with_code(mutant.target.module, mutant.code(source)):
            outcome = copy.outcome(tests, most)
        change = Change(mutant.target.module, *mutant.change(source))
        yield Tried(change, mutant.line, mutant.operator, outcome)


_seconds: dict[str, float] = {}


def _quick_first(copy: Copy, target: Target) -> tuple[tuple[str, ...], float]:
    """The files of its tests, the quick ones first, and how long all may take."""
    files = files_of(target, ROOT)
    for file in files:
        if file not in _seconds:
            _seconds[file] = copy.seconds([file], 600)
    own = tuple(sorted(files, key=lambda file: _seconds[file]))
    return own, max(SHORTEST_WAIT, TIMES_AS_LONG * sum(_seconds[file] for file in files))


def _keep(tried: Sequence[Tried]) -> None:
    """Remember the survivors, and those of earlier runs in modules that this run did not come to."""
    seen = {each.change.module for each in tried}
    changes = [each for each in _kept() if each.module not in seen]
    changes += [each.change for each in tried if each.outcome is Outcome.SURVIVED]
    KEPT.write_bytes(orjson.dumps(changes))


def _kept() -> list[Change]:
    return [Change(**row) for row in orjson.loads(KEPT.read_bytes())] if KEPT.exists() else []


def _survivors(chosen: Sequence[Target], mutants: dict[str, list[Mutant]]) -> list[Mutant]:
    """Those that survived when they were tried last, and that can still be made."""
    wanted, sources = {*_kept()}, {target.module: (ROOT / target.module).read_text() for target in chosen}
    modules = {change.module for change in wanted} & mutants.keys()
    return [
        mutant
        for module in sorted(modules)
        for mutant in mutants[module]
        if Change(module, *mutant.change(sources[module])) in wanted
    ]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--minutes", type=float, default=float(os.environ.get("MUTANTS_MINUTES", "30")))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("MUTANTS_SEED", "1")))
    parser.add_argument("--again", action="store_true", help="only what survived the last time")
    parser.add_argument("modules", nargs="*", help="how the paths of modules begin, such as lib/coverage/rates.py")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
