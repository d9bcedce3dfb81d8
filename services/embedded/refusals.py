"""Why the embedded default does not start."""


class CannotStart(Exception):
    """Something is in the way. Its text is one line that says what, and how to mend it."""
