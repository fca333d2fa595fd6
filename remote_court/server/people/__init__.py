"""Signing in, registration, accounts and staff: their pages and their part of the API."""
