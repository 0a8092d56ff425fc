"""What a CSV of customers would change, worked out before it is applied; and what is in force, as rows of such a CSV.

A user is found by its external id, Recall's uuid, or an address; an address that several users share speaks for all of
them. Who is in no row keeps what it had. An empty cell takes a word away: without one, the domain of the mailbox
counts again. Names that differ in case alone are one, spelt as they were first.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from lib.customer.csv_file import CustomersFile, FileRow
from lib.customer.names import folded, tidy
from lib.domain import CalendarUser


@dataclass(frozen=True, slots=True)
class UserAssignment:
    """A calendar user, and what a CSV said of it before."""

    user: CalendarUser
    by_domain: str | None
    """The customer by its mailbox."""
    customer: str | None = None
    """The word of a CSV; None: there is none."""
    team: str | None = None

    @property
    def effective(self) -> str | None:
        """The customer that counts; None: unassigned."""
        return self.customer or self.by_domain


@dataclass(frozen=True, slots=True)
class UserChange:
    """One user before and after."""

    before: UserAssignment
    after: UserAssignment

    @property
    def is_seen(self) -> bool:
        """Whether customer or team is another afterwards; if not, the CSV only confirms what the mailbox says."""
        before, after = self.before, self.after
        return (before.effective, before.team) != (after.effective, after.team)


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """A customer that another staff member looks after. None: nobody."""

    customer: str
    before: str | None
    after: str | None


class SkipReason(StrEnum):
    """Why a line of the file is not applied."""

    UNMATCHED = "unmatched"
    TWICE = "twice"
    OWNER_UNKNOWN = "owner_unknown"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line that is not applied, in full or in part. `user` and `customer` are text from outside."""

    line: int
    why: SkipReason
    user: str
    customer: str
    sentence: str


@dataclass(frozen=True, slots=True)
class AssignmentPlan:
    """What applying a file would change, and what it leaves out."""

    users: tuple[UserChange, ...]
    owners: tuple[OwnerChange, ...]
    unchanged: int
    """Users and customers of which the file says what is so already."""
    left: tuple[SkippedLine, ...]
    """By line."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to apply."""
        return not (self.users or self.owners)

    def left_for(self, why: SkipReason) -> tuple[SkippedLine, ...]:
        """The lines that are not applied for this reason."""
        return tuple(line for line in self.left if line.why is why)


def plan_of(
    file: CustomersFile, users: Sequence[UserAssignment], owners: Mapping[str, str], staff: Collection[str]
) -> AssignmentPlan:
    """What `file` would do to `users`, and to `owners` (customer to the staff member who looks after it).

    `staff` are the names that may own a customer. The same file and state give the same plan.
    """
    spelt = _Spelling(user.effective for user in users)
    spelt.learn(owners)
    said, left = _said_of_users(file, users, spelt)
    afterwards = {number: _after(users[number], row, spelt) for number, row in said.items()}
    changes = tuple(UserChange(users[n], after) for n, after in sorted(afterwards.items()) if after != users[n])
    belong = {(afterwards.get(number) or user).effective for number, user in enumerate(users)}
    wanted, more_left = _said_of_customers(file, belong, staff, spelt)
    moved = tuple(
        OwnerChange(customer, owners.get(customer), owner)
        for customer, owner in wanted.items()
        if owners.get(customer) != owner
    )
    unusable = (
        SkippedLine(line.line, SkipReason.UNUSABLE, line.user, line.customer, line.why) for line in file.unusable
    )
    return AssignmentPlan(
        users=changes,
        owners=moved,
        unchanged=len(afterwards) - len(changes) + len(wanted) - len(moved),
        left=tuple(sorted([*left, *more_left, *unusable], key=lambda each: each.line)),
    )


class _Spelling:
    """One spelling for the names that differ in case alone: the first that was met."""

    def __init__(self, names: Iterable[str | None]):
        self._known: dict[str, str] = {}
        self.learn(name for name in names if name)

    def learn(self, names: Iterable[str]) -> None:
        for name in names:
            self._known.setdefault(folded(name), name)

    def __call__(self, name: str) -> str:
        return self._known.setdefault(folded(name), name)


_Words = tuple[str | None, str | None]
"""Customer and team."""
_NOBODY = "No user has this email, external id or Recall id."
_CONTRADICTED = "Another line says something else of this user."


def _said_of_users(
    file: CustomersFile, users: Sequence[UserAssignment], spelt: _Spelling
) -> tuple[dict[int, FileRow], list[SkippedLine]]:
    """The row that speaks of each user, by its place in `users`, and the lines that speak of nobody or against others.

    A user of whom two rows say different things gets neither.
    """
    exactly, loosely = _finders(users)
    rows: dict[str, list[FileRow]] = defaultdict(list)
    for row in file.rows:
        if row.user:
            rows[row.user].append(row)
    meant = {name: {*exactly.get(name, ()), *loosely.get(name.casefold(), ())} for name in rows}
    words = {name: {_words(row, spelt) for row in rows[name]} for name in rows if meant[name]}
    names: dict[int, list[str]] = defaultdict(list)
    for name, numbers in meant.items():
        for number in numbers:
            names[number].append(name)
    agreed = {
        number: rows[them[0]][0]
        for number, them in names.items()
        if len(set[_Words]().union(*(words[name] for name in them))) == 1
    }
    against = {name for number, them in names.items() if number not in agreed for name in them}
    left = [_left(row, SkipReason.UNMATCHED, _NOBODY) for name in rows if not meant[name] for row in rows[name]]
    left += [_left(row, SkipReason.TWICE, _CONTRADICTED) for name in against for row in rows[name]]
    return agreed, left


def _left(row: FileRow, why: SkipReason, sentence: str) -> SkippedLine:
    return SkippedLine(row.line, why, row.user, row.customer or "", sentence)


def _finders(users: Sequence[UserAssignment]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Places in `users` by external id, and by Recall's id and addresses without regard to case."""
    exactly: defaultdict[str, list[int]] = defaultdict(list)
    loosely: defaultdict[str, list[int]] = defaultdict(list)
    for number, known in enumerate(users):
        exactly[tidy(known.user.external_id or "")].append(number)
        loosely[known.user.id.casefold()].append(number)
        for connection in known.user.connections:
            loosely[tidy(connection.email or "").casefold()].append(number)
    return exactly, loosely


def _words(row: FileRow, spelt: _Spelling) -> _Words:
    return row.customer and spelt(row.customer), row.team


def _after(user: UserAssignment, row: FileRow, spelt: _Spelling) -> UserAssignment:
    customer, team = _words(row, spelt)
    return UserAssignment(
        user=user.user,
        by_domain=user.by_domain,
        customer=user.customer if customer is None else customer or None,
        team=user.team if team is None else team or None,
    )


def _said_of_customers(
    file: CustomersFile, customers: Collection[str | None], staff: Collection[str], spelt: _Spelling
) -> tuple[dict[str, str | None], list[SkippedLine]]:
    """The owner that the file gives each customer, and the lines that give none. An empty cell beside a user says
    nothing; in a row of the customer it says that nobody is to own it."""
    rows: dict[str, list[FileRow]] = defaultdict(list)
    for row in file.rows:
        if row.customer and row.owner is not None and (row.owner or not row.user):
            rows[spelt(row.customer)].append(row)
    wanted: dict[str, str | None] = {}
    left: list[SkippedLine] = []
    for customer, them in rows.items():
        owners = {(row.owner or "").lower() for row in them}
        why, sentence = _why_no_owner(customer in customers, owners, staff)
        if why is None:
            wanted[customer] = owners.pop() or None
        else:
            left += [SkippedLine(row.line, why, row.user, customer, sentence) for row in them]
    return wanted, left


def _why_no_owner(has_users: bool, owners: set[str], staff: Collection[str]) -> tuple[SkipReason | None, str]:
    if not has_users:
        return SkipReason.UNMATCHED, "No user belongs to this customer."
    if len(owners) > 1:
        return SkipReason.TWICE, "Another line names another owner of this customer. The owner stays as it is."
    if owners - {""} - set(staff):
        return SkipReason.OWNER_UNKNOWN, "The owner is no staff account here. The owner stays as it is."
    return None, ""


HEADS = ("user", "customer", "team", "owner", "by email domain")
"""The last one is for people: columns of other names are passed over."""

AssignmentRows: TypeAlias = tuple[tuple[str, ...], ...]


def assignment_rows(users: Sequence[UserAssignment], owners: Mapping[str, str]) -> AssignmentRows:
    """A row for each user with the words of CSVs, and one for each customer with its owner. Empty: there is none."""
    called = _names_of(users)
    customers = sorted({user.effective for user in users if user.effective})
    return (
        *((name, u.customer or "", u.team or "", "", u.by_domain or "") for name, u in zip(called, users, strict=True)),
        *(("", customer, "", owners.get(customer, ""), "") for customer in customers),
    )


def rows_to_fill(users: Sequence[UserAssignment]) -> AssignmentRows:
    """A row for each user without a customer."""
    called = zip(_names_of(users), users, strict=True)
    return tuple((name, "", user.team or "", "", "") for name, user in called if user.effective is None)


def _names_of(users: Sequence[UserAssignment]) -> list[str]:
    """What each user is called so that nobody else is meant: its address, else its external id, else Recall's id."""
    taken = Counter(name for known in users for name in {word.casefold() for word in _names(known.user)})
    return [_own_name(known.user, taken) for known in users]


def _own_name(user: CalendarUser, taken: Mapping[str, int]) -> str:
    return next((word for word in _names(user) if word and taken[word.casefold()] == 1), user.id)


def _names(user: CalendarUser) -> tuple[str, ...]:
    addresses = (tidy(connection.email) for connection in user.connections if connection.email)
    return (*addresses, tidy(user.external_id or ""), user.id)
