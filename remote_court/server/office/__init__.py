"""The office's pages and its part of the API."""
