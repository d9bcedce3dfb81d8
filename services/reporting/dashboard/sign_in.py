"""Who may see the dashboards: whoever gives the staff key as the password, under any name."""

import base64

from fastapi import Request

from services.shared.errors import SignIn
from services.shared.keys import same_key

CHALLENGE = {"WWW-Authenticate": 'Basic realm="Putright", charset="UTF-8"'}
"""What makes a browser ask for a name and a password (RFC 7617)."""


def signed_in(request: Request) -> None:
    """Lets the holder of the staff key in. Raises SignIn `no-key` or `unknown-key`."""
    if not same_key(_password(request), request.app.state.settings.staff_key_hash):
        raise SignIn("unknown-key", "That password is not the staff key of this installation.")


def _password(request: Request) -> str:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise SignIn("no-key", "Sign in with any name, and the staff key as the password.")
    try:
        written = base64.b64decode(credentials, validate=True).decode()
    except ValueError:
        raise SignIn("no-key", "The browser sent no name and password.") from None
    return written.partition(":")[2]
