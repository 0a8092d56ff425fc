"""Whose user it is: the domain of the first mailbox, never that of a public mail host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.customer import PUBLIC_MAIL_DOMAINS, customer_of
from lib.domain import CalendarUser, Connection

labels = st.text("abcdefghijklmnopqrstuvwxyzäöüéñж0123456789-", min_size=1, max_size=12)
domains = st.builds(lambda name, tld: f"{name}.{tld}", labels, st.sampled_from(["example", "test", "пример"]))
mailboxes = st.builds(lambda local, domain: f"{local}@{domain}", st.text("abc.+@\"' ", max_size=8), domains)


def user(*emails: str | None, connected: bool = True) -> CalendarUser:
    return CalendarUser("u", "e", tuple(Connection("google", connected, email) for email in emails))


@given(st.text("abc.+@\"' "), domains)
def test_the_customer_is_the_domain_of_the_mailbox(local: str, domain: str) -> None:
    assert customer_of(user(f"{local}@{domain}")) == domain


@given(mailboxes)
def test_upper_and_lower_case_are_one_customer(email: str) -> None:
    assert customer_of(user(email.upper())) == customer_of(user(email.lower())) == customer_of(user(email))


@pytest.mark.parametrize("domain", sorted(PUBLIC_MAIL_DOMAINS))
def test_a_public_mail_host_is_nobodys_customer(domain: str) -> None:
    assert customer_of(user(f"anna@{domain}")) is None
    assert customer_of(user(f"ANNA@{domain.upper()}")) is None


@pytest.mark.parametrize("domain", ["notgmail.com", "gmail.com.example", "mail.gmail.com"])
def test_a_domain_that_only_resembles_a_public_one_is_a_customer(domain: str) -> None:
    assert customer_of(user(f"anna@{domain}")) == domain


def test_a_user_without_any_mailbox_has_no_customer() -> None:
    assert customer_of(user()) is None
    assert customer_of(user(None, "")) is None


@pytest.mark.parametrize("text", ["anna", "anna@", "@", "   "])
def test_text_without_a_domain_is_no_customer(text: str) -> None:
    assert customer_of(user(text)) is None


def test_the_first_connection_with_an_email_decides() -> None:
    assert customer_of(user(None, "anna@acme.example", "anna@globex.example")) == "acme.example"


def test_a_private_mailbox_that_stands_first_is_not_passed_over() -> None:
    assert customer_of(user("anna@gmail.com", "anna@acme.example")) is None


def test_the_customer_stays_when_the_calendar_is_lost() -> None:
    assert customer_of(user("anna@acme.example", connected=False)) == "acme.example"


def test_space_around_an_address_belongs_to_nobody() -> None:
    assert customer_of(user(" anna@Acme.example\n")) == "acme.example"
