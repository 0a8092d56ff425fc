"""What became of the mutants, module by module, and which of them nobody has argued."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.mutants.argued import Change
from tests.mutants.trying import Outcome


@dataclass(frozen=True)
class Tried:
    """One mutant and its end."""

    change: Change
    line: int
    operator: str
    outcome: Outcome


def told(made: Mapping[str, int], tried: Sequence[Tried], why: Mapping[Change, str], seconds: float) -> Iterator[str]:
    """The whole report, line by line."""
    yield f"{'module':<36}{'made':>6}{'tried':>7}{'killed':>8}{'timeout':>9}{'argued':>8}{'survived':>10}"
    packages = sorted({module.rpartition("/")[0] for module in made})
    for package in packages:
        for module in (module for module in made if module.rpartition("/")[0] == package):
            if made[module]:
                yield _row(module, made[module], [each for each in tried if each.change.module == module], why)
    yield ""
    for package in [*packages, ""]:
        theirs = [module for module in made if module.startswith(package)]
        ends = [each for each in tried if each.change.module.startswith(package)]
        yield _row(package or "all", sum(made[module] for module in theirs), ends, why)
    yield f"\n{seconds:.0f} s. Survivors that docs/MUTANTS.md does not argue:\n"
    yield from _listed(unargued(tried, why))


def unargued(tried: Sequence[Tried], why: Mapping[Change, str]) -> list[Tried]:
    """Those that nobody noticed and nobody has argued."""
    return [each for each in tried if each.outcome is Outcome.SURVIVED and each.change not in why]


def _row(name: str, made: int, tried: Sequence[Tried], why: Mapping[Change, str]) -> str:
    ends = Counter(each.outcome for each in tried)
    open_ = len(unargued(tried, why))
    argued = ends[Outcome.SURVIVED] - open_
    killed, timeout = ends[Outcome.KILLED], ends[Outcome.TIMEOUT]
    return f"{name:<36}{made:>6}{len(tried):>7}{killed:>8}{timeout:>9}{argued:>8}{open_:>10}"


def _listed(found: Sequence[Tried]) -> Iterator[str]:
    if not found:
        yield "none"
    for module in sorted({each.change.module for each in found}):
        yield f"## `{module}`"
        theirs = [each for each in found if each.change.module == module]
        yield from (f"{each.change} (line {each.line})" for each in sorted(theirs, key=lambda each: each.line))
