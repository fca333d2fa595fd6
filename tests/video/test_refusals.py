"""Refusals have stable codes, which the protocol's document names."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from remote_court import tickets
from remote_court.errors import Refusal
from remote_court.video import refusals

DOCUMENT = Path(__file__).parents[2] / "docs" / "signalling.md"
ALL = [
    cls
    for module in (refusals, tickets)
    for _, cls in inspect.getmembers(module, inspect.isclass)
    if issubclass(cls, Refusal) and cls.__module__ == module.__name__
]


@pytest.mark.parametrize("refusal", ALL)
def test_every_refusal_is_documented(refusal: type[Refusal]) -> None:
    assert f"`{refusal.code}`" in DOCUMENT.read_text()
    assert refusal().message.endswith(".")
