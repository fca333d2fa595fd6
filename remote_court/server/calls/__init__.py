"""Calls at the edge: tickets, signalling, the call page, the watch, kiosks and devices."""
