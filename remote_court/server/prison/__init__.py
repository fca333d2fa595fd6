"""The prison officer's pages, and what clerks enter for prisons at their desks."""
