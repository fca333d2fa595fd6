"""Family and lawyers' visits: who may visit whom, and the life of a visit."""
