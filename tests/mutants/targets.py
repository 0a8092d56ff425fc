"""What is mutated, and which tests are to notice."""

from collections.abc import Iterator
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path

PURE = ("lib/recording", "lib/coverage", "lib/customer", "lib/bot_config")
SOME = {
    "lib/sync": ("verdicts", "worker_pool", "failures"),
    "lib/store": ("reads", "columns", "entry_rows", "diff", "verdicts"),
}
PARTS = {"lib/store/reads.py": ("Ranges",), "lib/store/verdicts.py": ("StoredVerdict", "bits")}
"""Of these modules only what is pure."""

_EXAMPLES, _WORLDS, _CUTS = "test_numbers_by_example", "test_numbers_of_random_worlds", "test_cuts_of_random_worlds"
_BOTS = "test_bot_outcomes"
_JUDGING = ("recording/test_judging_an_entry.py", "recording/test_every_combination.py")
_REASONS = ("recording/test_reasons.py", "recording/test_what_each_reason_is.py")
_OF_PACKAGE: dict[str, tuple[str, ...]] = {
    "lib/recording": ("recording",),
    "lib/coverage": (
        f"coverage/{_EXAMPLES}.py",
        f"coverage/{_CUTS}.py",
        f"coverage/{_WORLDS}.py",
        "coverage/test_drilldown.py",
        "coverage/test_rates.py",
        "coverage/test_cuts_by_example.py",
        "coverage/test_inferred_reasons.py",
    ),
    "lib/customer": ("customer",),
    "lib/bot_config": ("bot_config",),
    "lib/store": ("store",),
    "lib/sync": ("sync",),
}
_OF_MODULE: dict[str, tuple[str, ...]] = {
    "lib/coverage/at_risk.py": ("coverage/test_at_risk.py",),
    "lib/coverage/inferred_reasons.py": (
        "coverage/test_inferred_reasons.py",
        "coverage/test_unwatched.py",
        "coverage/test_cuts_by_example.py",
        f"coverage/{_CUTS}.py",
    ),
    "lib/coverage/bot_outcomes.py": (f"coverage/{_BOTS}.py", "coverage/test_cuts_by_example.py"),
    "lib/coverage/columns.py": (f"coverage/{_EXAMPLES}.py", "coverage/test_merging.py", f"coverage/{_CUTS}.py"),
    "lib/coverage/frame.py": (f"coverage/{_EXAMPLES}.py", "coverage/test_merging.py", f"coverage/{_CUTS}.py"),
    "lib/coverage/misses.py": ("coverage/test_misses.py",),
    "lib/coverage/frame_order.py": (
        "coverage/test_frame_order.py",
        "coverage/test_merging.py",
        f"coverage/{_EXAMPLES}.py",
        f"coverage/{_WORLDS}.py",
    ),
    "lib/coverage/period.py": ("coverage/test_periods.py", f"coverage/{_CUTS}.py"),
    "lib/coverage/rates.py": ("coverage/test_rates.py", "coverage/test_change.py", f"coverage/{_CUTS}.py"),
    "lib/coverage/scope.py": ("coverage/test_scopes.py", f"coverage/{_CUTS}.py"),
    "lib/coverage/duplicates.py": ("coverage/test_several_bots.py", "coverage/test_shared_mailboxes.py"),
    "lib/coverage/hidden_meetings.py": ("coverage/test_hidden_meetings.py",),
    "lib/recording/bot_result.py": (*_JUDGING, "recording/test_bot_result.py"),
    "lib/recording/decision.py": (*_JUDGING, "recording/test_rule_trace.py", "recording/test_forecast.py"),
    "lib/recording/explanation.py": (*_JUDGING, "recording/test_bot_result.py"),
    "lib/recording/forecast.py": ("recording/test_forecast.py",),
    "lib/recording/verdict.py": (*_JUDGING, "recording/test_bot_result.py"),
    "lib/recording/overrides.py": ("recording/test_planned_overrides.py",),
    "lib/recording/time_part.py": _JUDGING,
    "lib/recording/presets.py": ("recording/test_presets.py",),
    "lib/recording/reason.py": (*_REASONS, f"coverage/{_BOTS}.py", "ui/test_bots_in_words.py"),
    "lib/recording/reasons.py": _REASONS,
    "lib/recording/reasons_before.py": _REASONS,
    "lib/recording/reasons_call.py": _REASONS,
    "lib/recording/subcodes.py": ("recording/test_sub_codes.py", "recording/test_bot_result.py"),
    "lib/recording/timeline.py": ("recording/test_timeline_of_a_bot.py",),
    "lib/recording/outcome.py": ("recording", "ui/test_outcome_chips.py", "ui/test_charts_by_their_words.py"),
    "lib/sync/verdicts.py": (
        "sync/test_verdicts.py",
        "sync/test_never_watched.py",
        "sync/test_whose_bot.py",
        "../contract/sync/passes/test_reading_one_user.py",
    ),
    "lib/sync/worker_pool.py": ("sync/test_worker_pool.py",),
    "lib/sync/failures.py": ("sync/test_failures.py",),
    "lib/store/reads.py": ("store/test_reads.py",),
}
"""Below tests/unit. Of a module without tests of its own, those of its package."""


@dataclass(frozen=True)
class Target:
    """A module to mutate, by its path in the tree, and the tests that are to notice."""

    module: str
    tests: tuple[str, ...]
    parts: tuple[str, ...] = ()
    """The definitions to mutate; none means all of the module."""

    @property
    def package(self) -> str:
        """The folder it is in."""
        return self.module.rpartition("/")[0]


def targets(root: Path, only: tuple[str, ...] = ()) -> tuple[Target, ...]:
    """All modules to mutate, or those whose paths begin with one of `only`."""
    return tuple(_target(module) for module in _modules(root) if not only or module.startswith(only))


def _modules(root: Path) -> Iterator[str]:
    for package in PURE:
        yield from sorted(str(path.relative_to(root)) for path in (root / package).glob("*.py"))
    for package, names in SOME.items():
        yield from (f"{package}/{name}.py" for name in names)


def _target(module: str) -> Target:
    named = _OF_MODULE.get(module) or _OF_PACKAGE[module.rpartition("/")[0]]
    return Target(module, tuple(normpath(f"tests/unit/{name}") for name in named), PARTS.get(module, ()))


def files_of(target: Target, root: Path) -> tuple[str, ...]:
    """The files of its tests."""
    found = [
        [root / name] if name.endswith(".py") else sorted((root / name).glob("test_*.py")) for name in target.tests
    ]
    return tuple(str(path.relative_to(root)) for paths in found for path in paths)
