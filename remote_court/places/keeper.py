"""Who may change a place: its own manager and nobody else."""

from __future__ import annotations

from typing import Protocol

from remote_court.audit import Act
from remote_court.errors import Forbidden, NotFound

OFFICE_MANAGER = "office_manager"


class Keeper(Protocol):
    """Who is asking, as far as places need to know: an id and roles, each with its place."""

    @property
    def person_id(self) -> int:
        """The person's id."""

    @property
    def grants(self) -> frozenset[tuple[str, int | None]]:
        """Every role held, and where."""


def need_manager(keeper: Keeper, office_id: int) -> None:
    """Go on only for the manager of this office.

    Raises:
        Forbidden: the person manages no office.
        NotFound: the person manages another office.
    """
    if (OFFICE_MANAGER, office_id) in keeper.grants:
        return
    if any(role == OFFICE_MANAGER for role, _ in keeper.grants):
        raise NotFound
    raise Forbidden


def act(
    keeper: Keeper, office_id: int, name: str, subject: tuple[str, int], **detail: object
) -> Act:
    """What the record says of a manager's act at their office."""
    return Act(
        name,
        *subject,
        actor_id=keeper.person_id,
        role=OFFICE_MANAGER,
        place_id=office_id,
        detail=detail,
    )
