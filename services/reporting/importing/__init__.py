"""Past complaints of another system, read from a table and taken into the register as events."""
