"""Calendars: days, hours and deadlines as the law counts them. All of it pure."""
