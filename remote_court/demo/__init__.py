"""The national seed, demo accounts, the synthetic participant."""
