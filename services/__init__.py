"""Putright: complaint handling for social landlords in which no deadline is missed quietly."""
