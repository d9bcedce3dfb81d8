"""A notice as its reader gets it, without a server: a sample of its kind, in a policy's words."""

from collections.abc import Callable
from dataclasses import dataclass, field

from services.notify import preview_people as people
from services.notify import preview_samples as samples
from services.notify.contents import Content
from services.notify.contract import Letterhead, Notice, ToResident, ToStaff
from services.notify.letters import compose
from services.notify.office import Office
from services.notify.recipients import recipient_of
from services.notify.ways import Ready
from services.shared.errors import MendRequest, NotThere

KINDS = tuple(sorted(samples.SAMPLES))
"""The kinds of notice that there are."""

OFFICE = Office(
    directory=people.STAFF,
    sender="complaints@example.org",
    public_url="https://complaints.example.org",
    link_secret="for-previews-only",  # noqa: S106 — its links lead nowhere
    now=people.NOW,
)


@dataclass(frozen=True)
class PolicyWords:
    """What a policy says in a notice of one kind."""

    letterhead: Letterhead
    says: dict[str, object] = field(default_factory=dict)
    """The fields of the content that the policy words, such as `reason` or `next_stage`."""


def preview(
    kind: str, policy: Callable[[str], PolicyWords] | None = None, *, on_paper: bool = False
) -> Ready:
    """Returns a sample of that kind, made ready as a mail, or as a letter on paper.

    `policy` says what a policy has for a kind; without it a made-up landlord writes.
    Raises NotThere `unknown-kind`, and MendRequest `not-on-paper` for what staff get.
    """
    if kind not in samples.SAMPLES:
        raise NotThere(
            "unknown-kind", f"There is no kind of notice {kind!r}; there are: {', '.join(KINDS)}."
        )
    role, content = samples.SAMPLES[kind]
    if on_paper and role is not None:
        raise MendRequest(
            "not-on-paper", f"Staff get {kind!r} by mail; only residents get letters."
        )
    words = _made_up(kind) if policy is None else policy(kind)
    notice = _notice(content, words, on_paper=on_paper)
    recipient = recipient_of(notice, OFFICE, {"letter"} if on_paper else {"email"})
    assert recipient is not None, "the samples' people can be reached"  # noqa: S101 — a fact
    letter = compose(notice, recipient, OFFICE)
    return Ready(notice=notice, recipient=recipient, letter=letter, envelope=None)


def _made_up(kind: str) -> PolicyWords:
    stage = samples.STAGES.get(kind, people.LETTERHEAD.stage)
    return PolicyWords(people.LETTERHEAD.model_copy(update={"stage": stage}))


def _notice(content: Content, words: PolicyWords, *, on_paper: bool) -> Notice:
    kind = content.about
    role, _ = samples.SAMPLES[kind]
    addressee = people.JO.model_copy(update={"prefers_letters": on_paper})
    return Notice(
        key=f"{people.REFERENCE}/1/{kind}/{role or 'resident'}",
        reference=None if kind in samples.OF_NO_COMPLAINT else people.REFERENCE,
        stage="feedback" if kind in samples.OF_FEEDBACK else "stage-1",
        to=ToResident(addressee=addressee)
        if role is None
        else ToStaff(role=role, investigator=_reader(kind), service_area="Repairs"),
        letterhead=_fitting(words.letterhead, kind, to_resident=role is None),
        content=content.model_copy(update=words.says),
    )


def _reader(kind: str) -> str:
    return "priya-shah" if kind == "offer" else "sam-okafor"


def _fitting(letterhead: Letterhead, kind: str, *, to_resident: bool) -> Letterhead:
    """Leaves out what a letterhead does not say in notices of that kind."""
    out: dict[str, object] = {}
    if kind in samples.OF_FEEDBACK | samples.OF_NO_COMPLAINT:
        out |= {"stage": None, "tracking_url": None, "signposts": ()}
    if not to_resident:
        out |= {"tracking_url": None, "signposts": ()}
    return letterhead.model_copy(update=out)
