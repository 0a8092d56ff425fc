"""The Customers page: how each customer stands, what is new there, and whose users are whose by an uploaded CSV."""
