"""What can go wrong, by name.

An error's docstring is its message key: the edge translates it, and its class decides the
status. Below ``server/`` nobody knows HTTP.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from typing_extensions import override


def kebab(name: str) -> str:
    """Turn ``SlotTaken`` into ``slot-taken``."""
    return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


class CourtError(Exception):
    """Something went wrong in Remote Court."""

    code: ClassVar[str] = "error"

    @override
    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = kebab(cls.__name__)

    @property
    def message(self) -> str:
        """The message key: the first line of the class's docstring."""
        return (type(self).__doc__ or "").strip().splitlines()[0]


class Refusal(CourtError):
    """The request was understood and refused."""

    def __init__(self, *args: object, **detail: object) -> None:
        super().__init__(*args)
        self.detail: Mapping[str, object] = detail

    remedy: Callable[[Any], Awaitable[None]] | None = None
    """Finds, in a transaction of its own, what could be had instead; the edge runs it."""

    @property
    def extensions(self) -> Mapping[str, object]:
        """What a program is told besides, such as alternatives; the edge adds it to its answer."""
        return {}


class Invalid(Refusal):
    """Something in what you entered is not right; correct it and send it again."""

    def __init__(self, *args: object, where: str | None = None, **detail: object) -> None:
        super().__init__(*args, **detail)
        self.where = where


class NotFound(Refusal):
    """There is nothing here by that name, or it is not yours to see."""


class Forbidden(Refusal):
    """Your role does not allow this here."""


class Conflict(Refusal):
    """Someone else changed this in the meantime; look at it again."""


class WrongState(Conflict):
    """This cannot be done any more in the present state."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a refusal by rule: a stable code, a message key, and its citation.

    ``values`` fill the message's ``%(name)s`` places; ``citation`` is the key of the rule in
    the policy table, and ``source`` the wording of that row, by language.
    """

    code: str
    message: str
    citation: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)


class RuleRefused(Refusal):
    """The rules do not allow this visit. The reasons are listed below."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__()
        self.reasons = tuple(reasons)
