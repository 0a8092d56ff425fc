"""An hour of a Recall that is wrong about itself, for forty users and three seeds: figures that differ afterwards."""

from datetime import timedelta
from pathlib import Path

from bench.table import Row, never
from tests.hour_of_lies import Told, an_hour, differences, figures, wrong_reasons
from tests.lying import lying_recall

SEEDS = (1, 2, 3)
USERS, MEETINGS, SHARE = 40, 60, 0.5
EVERY_MINUTES, APART = 6, timedelta(hours=18)


def measure_lying(folder: Path) -> list[Row]:
    """For each seed the same passes with that hour and without it, and two healthy ones at the end."""
    return [row for seed in SEEDS for row in _one(folder / f"lying-{seed}", seed)]


def _one(folder: Path, seed: int) -> list[Row]:
    folder.mkdir()
    with lying_recall(folder, seed=seed, users=USERS, meetings=MEETINGS) as recall:
        honest = an_hour(recall, folder, share=0.0, minutes_between=EVERY_MINUTES, apart=APART)
        lied = an_hour(recall, folder, share=SHARE, minutes_between=EVERY_MINUTES, apart=APART)
    return [
        never(f"seed {seed}, {lied.lies} lies in an hour: figures that differ afterwards", *_wrong(honest, lied)),
        never(
            f"seed {seed}: reasons within it that differ though they were read rightly",
            len(wrong_reasons(honest, lied)),
            len(honest.figures.reasons),
        ),
    ]


def _wrong(honest: Told, lied: Told) -> tuple[int, int]:
    """Figures of meetings before and after the hour that differ, and of those within it held and recorded."""
    a, b = honest.figures, lied.figures
    wrong = len(differences(a.before, b.before)) + len(differences(a.after, b.after))
    wrong += sum(getattr(a.within.ended, name) != getattr(b.within.ended, name) for name in ("held", "recorded"))
    return wrong, len(figures(a.before)) + len(figures(a.after)) + 2
