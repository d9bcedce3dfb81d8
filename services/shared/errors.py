"""Refusals, named by what the caller must do. HTTP and Temporal both derive from them.

Every refusal carries a stable `code` (kebab-case, part of the published API), an HTTP
`status` and whether the same call may succeed later unchanged (`retryable`).
"""

from typing import ClassVar

from pydantic import JsonValue


class PutrightError(Exception):
    """Base of every refusal. `code` is stable; `detail` is one plain sentence for a person."""

    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(self, code: str, detail: str, **facts: JsonValue) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.facts = facts
        """JSON-ready values that help the caller (the points left open, the latest date)."""


class MendRequest(PutrightError):
    """What was sent is wrong in itself: mend it and send it again."""

    status = 422


class Unreadable(PutrightError):
    """The request could not be read as JSON at all."""

    status = 400


class TooLarge(PutrightError):
    """The body is larger than the service reads."""

    status = 413


class SignIn(PutrightError):
    """No key, or one that is not known."""

    status = 401


class NotAllowed(PutrightError):
    """The key is known but has no right to this."""

    status = 403


class NotThere(PutrightError):
    """Nothing exists under that name or reference."""

    status = 404


class AgainstTheRules(PutrightError):
    """The policy, or where the complaint stands, does not allow this action now."""

    status = 409


class TryLater(PutrightError):
    """Something this depends on is away; the same call may be repeated safely."""

    status = 503
    retryable = True


KINDS: dict[int, type[PutrightError]] = {
    kind.status: kind
    for kind in (
        MendRequest,
        Unreadable,
        TooLarge,
        SignIn,
        NotAllowed,
        NotThere,
        AgainstTheRules,
        TryLater,
    )
}
"""Each kind of refusal by its HTTP status: the status is enough to rebuild it after a journey."""
