"""Who is asking, as a value: what the rules of rights look at."""

from __future__ import annotations

from dataclasses import dataclass

from remote_court.errors import Forbidden, NotFound
from remote_court.people.grants import PLACE_OF, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person and the roles they hold, each at its place."""

    person_id: int
    name: str
    locale: str = "fa"
    grants: frozenset[tuple[Role, int | None]] = frozenset()
    must_change_password: bool = False
    must_enrol: bool = False

    @property
    def role(self) -> Role | None:
        """The role that says best who this is here: the highest, family last."""
        return max(self.roles, key=list(Role).index, default=None)

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        return frozenset(role for role, _ in self.grants)

    def holds(self, *roles: Role) -> bool:
        """Whether one of the roles is held anywhere."""
        return not self.roles.isdisjoint(roles)

    def holds_at(self, place_id: int | None, *roles: Role) -> bool:
        """Whether one of the roles is held at this place, or is a role that holds everywhere."""
        return any(
            role in roles and (PLACE_OF[role] is None or place == place_id)
            for role, place in self.grants
        )

    def role_at(self, place_id: int | None, *roles: Role) -> Role | None:
        """The first of the roles that holds at this place: as what somebody acts here."""
        return next((role for role in roles if self.holds_at(place_id, role)), None)

    def places_of(self, *roles: Role) -> tuple[int, ...]:
        """The places where one of the roles is held, in order of their ids."""
        return tuple(sorted({p for role, p in self.grants if role in roles and p is not None}))

    def need(self, *roles: Role) -> None:
        """Go on only with one of the roles, held anywhere.

        Raises:
            Forbidden: none of them is held.
        """
        if not self.holds(*roles):
            raise Forbidden

    def need_at(self, place_id: int | None, *roles: Role) -> None:
        """Go on only with one of the roles at this place.

        Raises:
            Forbidden: none of the roles is held anywhere.
            NotFound: a role is held, but at another place: what is another's is not seen.
        """
        self.need(*roles)
        if not self.holds_at(place_id, *roles):
            raise NotFound
