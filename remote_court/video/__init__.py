"""The call: rooms, peers and packets. Knows no database and no court."""
