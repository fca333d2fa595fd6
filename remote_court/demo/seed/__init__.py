"""A country in a minute: offices, prisons, courts and people, and a month of visits."""

from remote_court.demo.seed.plant import PASSWORD, Stage, seed

__all__ = ["PASSWORD", "Stage", "seed"]
