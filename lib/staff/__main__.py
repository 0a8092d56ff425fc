"""`python -m lib.staff`: staff accounts from the command line.

Exit codes: 0 done, 1 it could not be done (the reason is on stderr), 2 wrong usage. A password is never shown.
"""

import argparse
import csv
import sys
from contextlib import closing
from getpass import getpass

from lib.customer.sight import EVERYTHING, Sight
from lib.errors import DeskError, StaffError
from lib.settings import load_settings
from lib.staff import accounts, provider_accounts
from lib.staff.accounts import StaffMember
from lib.staff.passwords import MAX_BYTES
from lib.staff.permissions import ROLE_WORDS, Role
from lib.store import Store, migrate, open_store


def main(arguments: list[str] | None = None) -> int:
    """Run one command and answer its exit code."""
    asked = _asked(arguments)
    try:
        with closing(_store()) as store:
            asked.run(store, asked)
    except DeskError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; nothing was changed.", file=sys.stderr)
        return 1
    return 0


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = _parser()
    asked, unknown = parser.parse_known_args(arguments)
    if unknown:  # not repeated: one of the words may be a password that does not belong there
        parser.error("there are words that this command does not know; see --help")
    return asked


def _store() -> Store:
    settings = load_settings()
    migrate(settings.store_url)
    return open_store(settings.store_url, recall_base_url=settings.workspace_url)


def _add(store: Store, asked: argparse.Namespace) -> None:
    sight = asked.sight or accounts.first_sight(load_settings(), asked.role)
    password = _password(asked)
    member = accounts.add(store, asked.name, role=asked.role, display=asked.display, password=password, sight=sight)
    print(f"Added {member.name} as {member.role}.{_told_of_sight(store, member)}")


def _set(store: Store, asked: argparse.Namespace) -> None:
    wants_password = asked.password_stdin or (asked.role is None and asked.sight is None)
    password = _password(asked) if wants_password else None
    member = accounts.change(store, asked.name, role=asked.role, password=password, sight=asked.sight)
    ended = " All sessions were ended." if password else ""
    print(f"Changed {member.name}, who is {member.role}.{ended}{_told_of_sight(store, member)}")


def _disable(store: Store, asked: argparse.Namespace) -> None:
    member = accounts.disable(store, asked.name)
    print(f"Disabled {member.name}. All sessions were ended.")


def _enable(store: Store, asked: argparse.Namespace) -> None:
    member = accounts.enable(store, asked.name)
    print(f"Enabled {member.name}, who is {member.role}.")


def _unlink(store: Store, asked: argparse.Namespace) -> None:
    provider_accounts.unlink(store, asked.name)
    print(f"Unlinked {asked.name}. The next sign-in at the provider with that e-mail address takes the account.")


def _list(store: Store, _asked: argparse.Namespace) -> None:
    seen = accounts.last_seen(store)
    lines = [("NAME", "DISPLAY", "ROLE", "ACTIVE", "LAST SEEN", "CUSTOMERS")]
    for member in accounts.everyone(store):
        last = f"{seen[member.name]:%Y-%m-%d %H:%M} UTC" if member.name in seen else "never"
        active = "yes" if member.active else "no"
        lines.append((member.name, member.display, member.role, active, last, accounts.sight_words(member.sight)))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _told_of_sight(store: Store, member: StaffMember) -> str:
    """What a limited account sees, and which of these customers have no users, perhaps by a typing error."""
    if member.sight.customers is None:
        return ""
    known = accounts.customers(store)
    strangers = Sight(member.sight.customers.difference(known))
    slip = f" Nobody belongs to {accounts.sight_words(strangers)} yet." if strangers.customers else ""
    return f" This person sees {accounts.sight_words(member.sight)}.{slip}"


def _password(asked: argparse.Namespace) -> str:
    return _from_stdin() if asked.password_stdin else _from_terminal()


def _from_stdin() -> str:
    """The first line, read as UTF-8 whatever the locale says, and no further than a password can be long."""
    line = sys.stdin.buffer.readline(MAX_BYTES * 2)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise StaffError("The password on standard input is not UTF-8 text. Send it as UTF-8.") from None


def _from_terminal() -> str:
    if not sys.stdin.isatty():
        raise StaffError("There is no terminal to ask for the password. Send it on standard input: --password-stdin")
    password = getpass("Password: ")
    if getpass("The same again: ") != password:
        raise StaffError("The two passwords differ. Nothing was changed; run the command again.")
    return password


def _role(word: str) -> Role:
    if word not in set(Role):
        raise argparse.ArgumentTypeError(f"there is no role of that name; give {ROLE_WORDS}")
    return Role(word)


def _customers(words: str) -> Sight:
    """Names with commas between them. One that holds a comma stands in quotation marks, as in a CSV."""
    names = next(csv.reader([words], skipinitialspace=True), [])
    return Sight(frozenset(name for name in names if name.strip()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lib.staff", description="Who may sign in to the dashboard.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser(
        "add", allow_abbrev=False, help="add an account; asks for the password unless --password-stdin is given"
    )
    add.add_argument("name", help="letters a to z, digits, and . _ - @")
    add.add_argument("--role", required=True, type=_role, metavar="ROLE", help=ROLE_WORDS)
    add.add_argument("--display", required=True, help="the name that colleagues see")
    change = commands.add_parser(
        "set", allow_abbrev=False, help="change role, password or customers; with no option it asks for the password"
    )
    change.add_argument("name")
    change.add_argument("--role", type=_role, metavar="ROLE", help=ROLE_WORDS)
    for command in (add, change):
        command.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        seen = command.add_mutually_exclusive_group()
        names = 'the customers that this person sees, such as "acme.com, globex.com"; "" for none'
        seen.add_argument("--customers", dest="sight", type=_customers, metavar="NAMES", help=names)
        seen.add_argument("--all-customers", dest="sight", action="store_const", const=EVERYTHING, help="sees all")
    add.set_defaults(run=_add)
    change.set_defaults(run=_set)
    for word, run, does in (("disable", _disable, "let nobody in by it"), ("enable", _enable, "undo disable")):
        command = commands.add_parser(word, help=does)
        command.add_argument("name")
        command.set_defaults(run=run)
    unlink = commands.add_parser("unlink", help="forget who this is at the OpenID provider")
    unlink.add_argument("name")
    unlink.set_defaults(run=_unlink)
    commands.add_parser("list", help="show all accounts").set_defaults(run=_list)
    return parser


if __name__ == "__main__":
    sys.exit(main())
