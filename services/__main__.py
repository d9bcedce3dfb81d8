"""`python -m services` is `putright`, for a machine on which the command is not installed."""

from services.command import app

if __name__ == "__main__":
    app(prog_name="putright")
