"""Recordings: frames out of packets, sealed on disk, proved, exported and composed (ADR 6)."""
