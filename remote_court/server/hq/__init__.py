"""Headquarters, the operator and the auditor: the country at a glance, the system, the record."""
