"""What the features of a room are called."""

from __future__ import annotations

from collections.abc import Mapping

from remote_court.places.features import Feature
from remote_court.server.locale import N_

FEATURES: Mapping[str, str] = {
    Feature.STEP_FREE: N_("Step-free"),
    Feature.CAMERA: N_("Camera"),
    Feature.SCREEN: N_("Large screen"),
    Feature.INTERPRETER_SEAT: N_("Seat for an interpreter"),
    Feature.HEARING_LOOP: N_("Hearing loop"),
}
