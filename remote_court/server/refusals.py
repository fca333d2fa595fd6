"""What the edge itself refuses, before any use case is asked."""

from __future__ import annotations

from remote_court.errors import Forbidden, Invalid, Refusal


class KeyMissing(Refusal):
    """Send an Idempotency-Key of your own choice with this request, 8 to 128 characters."""


class KeyReused(Refusal):
    """This Idempotency-Key was used before with another request."""


class FormNotOurs(Forbidden):
    """This page was open for too long, or the form did not come from here. Please try again."""


class BadCursor(Invalid):
    """This cursor is not one of ours."""
