"""What the manager of an office changes: rooms, hours, closed days, details."""
