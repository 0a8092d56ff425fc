"""Contests: entries that Recall showed for two users are asked for one by one, with each user's token.

Recall answers an entry to its owner and 404 to anybody else (contract 3.8). It is asked twice (`lib.store.contests`),
as a rule by two passes.
"""

from collections.abc import Iterable

from lib.errors import RecallError, RecallKeyRefused, RecallNotFound, RecallOutOfCredit, UnknownCalendarUser
from lib.recall_api import Recall, external_id_of
from lib.store import Transaction, contests, users
from lib.store.contests import Contest, ContestOwner
from lib.store.users import Readable
from lib.sync import meetings_stage
from lib.sync.running_pass import RunningPass

_BY_ANSWERS = {
    (True, False): ContestOwner.CLAIMANT,
    (False, True): ContestOwner.HOLDER,
    (True, True): ContestOwner.BOTH,
    (False, False): ContestOwner.NEITHER,
}
"""The owner, by whether Recall shows the entry to the claimant, and to the holder."""


def settle_contests(running: RunningPass) -> None:
    """Check the contests that are due, and store the answers that waited for them.

    Raises a `RecallError` that any other call would meet too.
    """
    with running.store.read() as connection:
        due = contests.due(connection, running.now())
    settled = [one for one in due if _check(running, one)]
    meetings_stage.read_again(running, _waiting(running, settled))


def _check(running: RunningPass, one: Contest) -> bool:
    """Ask Recall about one contest; returns whether it is settled now."""
    running.raise_if_stopped()
    at = running.now()
    owner = _owner(running.recall, _external_ids(running, one), one.ids)
    if owner is None:
        return False
    with running.write() as (connection, _):
        if not contests.answered(connection, one, owner, at=at):
            return False
        _settle(connection, running, one, owner)
    return True


def _settle(connection: Transaction, running: RunningPass, one: Contest, owner: ContestOwner) -> None:
    """Take the rows that both have out of the loser's calendar. The claimant's own come when it is read again."""
    claimant, holder = one.keys
    if owner in (ContestOwner.BOTH, ContestOwner.NEITHER):
        return
    loser = holder if owner is ContestOwner.CLAIMANT else claimant
    lost = contests.shared(connection, claimant, holder)
    contests.set_entries_aside(connection, loser, lost, at=running.now())
    if lost or owner is ContestOwner.HOLDER:
        contests.close(connection, claimant, holder)


def _owner(recall: Recall, external_ids: tuple[str, str] | None, ids: Iterable[str]) -> ContestOwner | None:
    """The owner of the ids, if the answers agree; ids that Recall shows to neither count only if no others do."""
    if external_ids is None:
        return None
    claimant, holder = external_ids
    _forget_tokens(recall, external_ids)  # whichever token mixed the answers up is not used again
    answers = [(_is_shown(recall, claimant, each), _is_shown(recall, holder, each)) for each in ids]
    _forget_tokens(recall, external_ids)  # nor is one that was minted here, which nobody has checked
    told = {_BY_ANSWERS[mine, theirs] for mine, theirs in answers if mine is not None and theirs is not None}
    if len(told) > 1:
        told.discard(ContestOwner.NEITHER)
    return told.pop() if len(told) == 1 else None


def _forget_tokens(recall: Recall, external_ids: tuple[str, str]) -> None:
    for external_id in external_ids:
        recall.forget_token(external_id)


def _is_shown(recall: Recall, external_id: str, entry_id: str) -> bool | None:
    """Whether Recall shows the entry to this user; None when it does not say."""
    try:
        recall.get_meeting(external_id, entry_id)
    except RecallNotFound:
        return False
    except (RecallKeyRefused, RecallOutOfCredit):
        raise
    except (RecallError, UnknownCalendarUser):
        return None
    return True


def _external_ids(running: RunningPass, one: Contest) -> tuple[str, str] | None:
    """The external ids of claimant and holder; None where one of them cannot be asked for."""
    with running.store.read() as connection:
        rows = [users.find(connection, user_id) for user_id in (one.claimant, one.holder)]
    known = [external_id_of(row.user) for row in rows if row is not None and row.user.external_id]
    return (known[0], known[1]) if len(known) == len(rows) else None


def _waiting(running: RunningPass, settled: Iterable[Contest]) -> list[Readable]:
    """Claimants whose last answer was not stored, and who have no other open contest."""
    claimants = {one.claimant for one in settled}
    with running.store.read() as connection:
        open_ = {one.claimant for one in contests.everyone(connection) if one.settled_at is None}
        failed = {row.user.id for row in users.failed_since(connection, running.begun_at)}
        return [user for user in users.readable(connection) if user.id in (claimants - open_) & failed]
