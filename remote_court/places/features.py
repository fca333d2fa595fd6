"""What a room offers, in the words a booking may ask for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from remote_court.errors import Invalid


class Feature(StrEnum):
    """Something a room has. ``step_free`` and ``interpreter_seat`` decide who can sit there."""

    STEP_FREE = "step_free"
    CAMERA = "camera"
    SCREEN = "screen"
    INTERPRETER_SEAT = "interpreter_seat"
    HEARING_LOOP = "hearing_loop"


class UnknownFeature(Invalid):
    """A room has no such feature; choose from the list."""


def features(words: Iterable[str]) -> list[str]:
    """Return the words in the order of the vocabulary, each once.

    Raises:
        UnknownFeature: a word is not in the vocabulary.
    """
    asked = set(words)
    if not asked <= set(Feature):
        raise UnknownFeature(where="features")
    return [feature.value for feature in Feature if feature in asked]
