"""The minutes of a sitting, to be written, read and signed."""
