"""Who may see and hear whom: a table of roles, asked for every packet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product


class Kind(StrEnum):
    """What a track carries."""

    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Pairs ``(receiver, sender)`` of roles; what is not in the table is forbidden."""

    hears: frozenset[tuple[str, str]] = frozenset()
    sees: frozenset[tuple[str, str]] = frozenset()
    silent: frozenset[str] = field(default_factory=frozenset)
    """Roles whose own sound and picture go nowhere, whatever the pairs say."""

    @classmethod
    def all_of(cls, roles: Iterable[str]) -> Permissions:
        """Everybody sees and hears everybody."""
        names = tuple(roles)
        pairs = frozenset(product(names, names))
        return cls(hears=pairs, sees=pairs)

    def without_hearing(self, *pairs: tuple[str, str]) -> Permissions:
        """The same table, but these receivers do not hear these senders."""
        return Permissions(self.hears - frozenset(pairs), self.sees, self.silent)

    def without_seeing(self, *pairs: tuple[str, str]) -> Permissions:
        """The same table, but these receivers do not see these senders."""
        return Permissions(self.hears, self.sees - frozenset(pairs), self.silent)

    def may_hear(self, receiver: str, sender: str) -> bool:
        """Whether sound of the one role may reach the other."""
        return sender not in self.silent and (receiver, sender) in self.hears

    def may_see(self, receiver: str, sender: str) -> bool:
        """Whether a picture of the one role may reach the other."""
        return sender not in self.silent and (receiver, sender) in self.sees

    def audience(self, kind: Kind, sender: str) -> frozenset[str]:
        """The roles that a packet of this kind from this sender may reach."""
        if sender in self.silent:
            return frozenset()
        pairs = self.hears if kind is Kind.AUDIO else self.sees
        return frozenset(receiver for receiver, source in pairs if source == sender)

    def to_json(self) -> dict[str, list[list[str]] | list[str]]:
        """A form that survives JSON, for a row of the court's tables."""
        return {
            "hears": sorted(map(list, self.hears)),
            "sees": sorted(map(list, self.sees)),
            "silent": sorted(self.silent),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Iterable[Iterable[str]]]) -> Permissions:
        """The reverse of ``to_json``; raises KeyError or ValueError on other shapes."""
        return cls(
            hears=frozenset((a, b) for a, b in data["hears"]),
            sees=frozenset((a, b) for a, b in data["sees"]),
            silent=frozenset(str(role) for role in data.get("silent", ())),
        )
