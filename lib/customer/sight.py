"""Whose data a staff member may see: every customer's, or that of some."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sight:
    """The customers that somebody sees. None: all of them, and the users who have no customer too."""

    customers: frozenset[str] | None = None

    def sees(self, customer: str | None) -> bool:
        """Whether data of this customer may be shown; None is a user without one, whom only who sees all may see."""
        return self.customers is None or (customer is not None and customer in self.customers)

    @property
    def is_everything(self) -> bool:
        """Whether nothing is out of it."""
        return self.customers is None

    def covers(self, other: "Sight") -> bool:
        """Whether all that `other` sees is seen."""
        return self.customers is None or (other.customers is not None and other.customers <= self.customers)


EVERYTHING = Sight()
"""What people see who are not limited to customers."""
