"""Alembic's folder for reporting's tables."""
