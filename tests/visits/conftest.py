"""Most tests of this room roll back what they do and share one database."""

from tests.sharing import rolled_back, shared_database, village

__all__ = ["rolled_back", "shared_database", "village"]
