"""Intake's migrations, run by `services.shared.database.migrate`."""
