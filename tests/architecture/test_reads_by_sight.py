"""What a page takes from the store without `lib.queries` looking at whose data may be seen: each with its reason."""

from pathlib import Path

from tests.architecture.calling import store_calls

ROOT = Path(__file__).parents[2]
OF_ONE_SEEN = "of a user whom the page found among those that are seen"
OF_ENTRIES_SEEN = "of entries that were found among those that are seen"
OF_NOBODY = "of no calendar user"
WHY = {
    "agreements.of_all": "how well our estimate does, over all saves: a share and a count, of nobody",
    "batches.items": "of a change of many users that `lib.queries.bulk` answered",
    "bot_configs.draft": OF_NOBODY,
    "bot_configs.last_sent": OF_NOBODY,
    "bot_configs.text_of": OF_NOBODY,
    "bot_configs.versions": OF_NOBODY,
    "bots.find": OF_ENTRIES_SEEN,
    "recounts.latest": "shares of the whole workspace, for who sees all of it",
    "outbox.of_target": OF_ONE_SEEN,
    "events.StaffChange": "reads nothing",
    "links.of_user": OF_ONE_SEEN,
    "staff.visit": "when oneself last looked",
    "observations.since": "takes the sight, or users that are seen",
    "passes.as_of": OF_NOBODY,
    "passes.ask": OF_NOBODY,
    "passes.first_complete": OF_NOBODY,
    "passes.latest": OF_NOBODY,
    "totals.count": "numbers for who shows METRICS_TOKEN",
    "users.find": "looks at the customer before anything is told",
}


def test_a_page_reads_nothing_from_the_store_but_what_is_argued_here() -> None:
    assert set(store_calls((*ROOT.glob("lib/ui/**/*.py"), *ROOT.glob("pages/*.py")))) == set(WHY)
