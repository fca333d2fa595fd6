"""Hearings: cases and parties, lawful dates, the bench, publicity; a hearing's rules and life."""
