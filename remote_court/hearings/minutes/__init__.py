"""The minutes of a sitting: drafted, frozen as a PDF, signed in order, and proved offline."""
