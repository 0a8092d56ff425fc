"""Which customer a calendar user belongs to: the word of an uploaded CSV, else the domain of its mailbox. Pure."""

from lib.customer.domain import PUBLIC_MAIL_DOMAINS, UNASSIGNED, WITHOUT, Without, asked_of, customer_of, fits

__all__ = ["PUBLIC_MAIL_DOMAINS", "UNASSIGNED", "WITHOUT", "Without", "asked_of", "customer_of", "fits"]
