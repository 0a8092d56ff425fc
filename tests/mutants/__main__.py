"""The command line: `python -m tests.mutants [--minutes N] [--seed S] [--again] [MODULE ...]`."""

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from time import monotonic

import orjson

from tests.mutants.argued import LIST, Change, argued, outdated
from tests.mutants.making import Mutant, mutants_of
from tests.mutants.targets import files_of, targets
from tests.mutants.telling import Tried, told, unargued
from tests.mutants.trying import Copy, Outcome

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "mutants"
KEPT = FOLDER / "survivors.json"
TOLD_EVERY = 50


def main() -> int:
    """Try what there is time for. The exit status is 1 where a fault survives that docs/MUTANTS.md does not argue."""
    asked, began = _asked(), monotonic()
    copy = Copy(ROOT, FOLDER / "tree")
    chosen = targets(copy.folder, tuple(asked.modules))
    mutants = {target.module: [*mutants_of(target, copy.folder)] for target in chosen}
    wanted = _survivors(copy, mutants) if asked.again else [*evenly(mutants, asked.seed)]
    why, tried = argued(ROOT), []
    try:
        for each in _try_all(copy, wanted, began + 60 * asked.minutes):
            tried.append(each)
            if unargued([each], why):
                print(f"survived: {each.change.module}:{each.line} {each.change}", flush=True)
            if len(tried) % TOLD_EVERY == 0:
                print(f"{len(tried)} of {len(wanted)} tried, {monotonic() - began:.0f} s", flush=True)
    except KeyboardInterrupt:
        print("Stopped.")
    _keep(tried)
    print("\n".join(told({module: len(found) for module, found in mutants.items()}, tried, why, monotonic() - began)))
    for change in outdated(ROOT, why):
        print(f"argued in {LIST}, and no longer there: {change.module} {change}")
    for test in copy.left_out:
        print(f"red without any fault, so left out: {test}")
    return 1 if unargued(tried, why) or copy.left_out else 0


def evenly(mutants: dict[str, list[Mutant]], seed: int) -> Iterator[Mutant]:
    """All of them, shuffled, in an order of which any beginning holds the same share of every module."""
    turns = []
    for module, found in mutants.items():
        shuffled = Random(f"{seed} {module}").sample(found, len(found))  # noqa: S311 - the same for the same seed
        turns += [((place + 0.5) / len(found), module, mutant) for place, mutant in enumerate(shuffled)]
    return (mutant for _, _, mutant in sorted(turns, key=lambda turn: turn[:2]))


def _try_all(copy: Copy, wanted: Sequence[Mutant], ends: float) -> Iterator[Tried]:
    judges: dict[str, Judges] = {}
    for mutant in wanted:
        if monotonic() > ends:
            return
        module = mutant.target.module
        if module not in judges:
            judges[module] = Judges(copy, files_of(mutant.target, copy.folder))
        source = copy.source(module)
        with copy.with_code(module, mutant.code(source)):
            outcome = judges[module].outcome()
        yield Tried(Change(module, *mutant.change(source)), mutant.line, mutant.operator, outcome)


class Judges:
    """The files of tests that are to notice a fault in one module: tried one by one, the last to notice one first."""

    def __init__(self, copy: Copy, files: Sequence[str]):
        self._copy = copy
        self._files = sorted(files, key=copy.seconds)

    def outcome(self) -> Outcome:
        """What they say of the code as it is now."""
        for place, file in enumerate(self._files):
            found = self._copy.outcome(file)
            if found is not Outcome.SURVIVED:
                self._files.insert(0, self._files.pop(place))
                return found
        return Outcome.SURVIVED


def _keep(tried: Sequence[Tried]) -> None:
    """Remember the survivors, and those of earlier runs in modules that this run did not come to."""
    seen = {each.change.module for each in tried}
    changes = [each for each in _kept() if each.module not in seen]
    changes += [each.change for each in tried if each.outcome is Outcome.SURVIVED]
    KEPT.write_bytes(orjson.dumps(changes))


def _kept() -> list[Change]:
    return [Change(**row) for row in orjson.loads(KEPT.read_bytes())] if KEPT.exists() else []


def _survivors(copy: Copy, mutants: dict[str, list[Mutant]]) -> list[Mutant]:
    """Those that survived when they were tried last, and that can still be made."""
    wanted = {*_kept()}
    modules = sorted({change.module for change in wanted} & mutants.keys())
    sources = {module: copy.source(module) for module in modules}
    return [
        mutant
        for module in modules
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
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
