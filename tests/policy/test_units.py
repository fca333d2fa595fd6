"""In what a rule is measured, and which values fit."""

import pytest

from remote_court.policy.units import FITS, Unit, fits

COUNTS = {Unit.MINUTES, Unit.HOURS, Unit.DAYS, Unit.YEARS, Unit.COUNT}
RANGES = {Unit.DAY_RANGE, Unit.MINUTE_RANGE}

# Each value with the units that take it; every other unit refuses it.
VALUES = [
    (0, COUNTS),
    (20, COUNTS),
    (-1, set()),
    (1.5, set()),
    (True, {Unit.FLAG}),
    (False, {Unit.FLAG}),
    (None, set()),
    ("", set()),
    (" ", set()),
    ("extra", {Unit.WORD}),
    ("07:30", {Unit.WORD, Unit.CLOCK}),
    ("24:00", {Unit.WORD}),
    ("7:30", {Unit.WORD}),
    (["spouse", "child"], {Unit.WORDS}),
    (["spouse", ""], set()),
    (["spouse", 1], set()),
    ([], {Unit.WORDS, Unit.NUMBERS}),
    ([5, 2, 1], {Unit.NUMBERS}),
    ([2, 28], {Unit.NUMBERS, *RANGES}),
    ([28, 2], {Unit.NUMBERS}),
    ([2, 2], {Unit.NUMBERS, *RANGES}),
    ([True, True], set()),
    ([-1, 2], set()),
    ({"a": 1}, set()),
]


def shown(given: object) -> str:
    """As it is written; a set in the same order in every process."""
    return "|".join(sorted(given)) if isinstance(given, set) else repr(given)


def test_every_unit_knows_what_fits():
    assert set(FITS) == set(Unit)


@pytest.mark.parametrize(("value", "units"), VALUES, ids=shown)
def test_a_value_fits_exactly_these_units(value, units):
    assert {unit for unit in Unit if fits(unit, value)} == units
