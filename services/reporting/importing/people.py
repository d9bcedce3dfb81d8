"""Columns that hold people, or words of theirs, and no names from a list: refused. Pure.

Nobody can tell a person's name from an area's by itself. So a column is judged twice: by its
header, and by whether its values come again and again, as those of a list do and people do not.
What the map itself lists under [values.…] is from a list, and is not judged.
"""

import re
from collections.abc import Iterable

PERSON = frozenset(
    {
        *("tenant", "resident", "customer", "complainant", "client", "person", "leaseholder"),
        *("homeowner", "householder", "occupier", "occupant", "applicant", "claimant", "caller"),
        *("contact", "user", "member", "advocate", "representative", "handler", "officer"),
        *("investigator", "manager", "caseworker", "worker", "owner", "adviser", "advisor"),
        *("agent", "author", "staff", "employee", "colleague", "operative", "name", "initials"),
        *("who", "whom"),
    }
)
"""Words for somebody, in the singular."""

DONE = frozenset(
    {
        *("handled", "dealt", "assigned", "allocated", "raised", "reported", "made", "logged"),
        *("investigated", "answered", "signed", "entered", "recorded", "opened", "closed"),
    }
)
"""What a header says that somebody did: "Handled by"."""

BESIDE = frozenset(
    {
        *("the", "a", "an", "s", "and", "or", "of", "on", "behalf", "by", "with", "to", "from"),
        *("for", "off", "lead", "main", "joint", "first", "second", "other", "detail", "id"),
        *("no", "number", "case", "service", "shared", "complaint"),
    }
)
"""Words that say nothing of their own beside those."""

OF_A_PERSON = re.compile(
    r"\b((sur|fore|first |last |full |given |middle |family |maiden |preferred |user ?)name"
    rf"|({'|'.join(sorted(PERSON))})s?( s)? name|name of( the)? ({'|'.join(sorted(PERSON))})"
    r"|salutation|birth|dob|e ?mail|address|post ?code|street|(house|flat|door) number|uprn"
    r"|(tele)?phone|mobile|national insurance|nino)\b"
)
"""What a header says, among other words, that is about a person or their home."""

FEW = 8
"""In fewer cells nothing can be seen."""

MOST = 300
"""So many different values has no landlord's list."""


def header_of_people(header: str) -> bool:
    """Tells whether a column is of people by its header, however that is written: "tenantName".

    Beside plain signs such as "e-mail" it is one that says of somebody and of nothing else:
    "Resident", "Tenant/customer", "Handled by", but not "Resident's area".
    """
    parted = re.sub("(?<=[a-z])(?=[A-Z])", " ", header)
    words = re.findall("[a-z0-9]+", parted.casefold())
    if OF_A_PERSON.search(" ".join(words)):
        return True
    said = {word if word in PERSON else word.removesuffix("s") for word in words} - BESIDE - {""}
    by_somebody = bool({"by", "to", "with"} & set(words))
    return bool(said) and said <= PERSON | DONE and (bool(said & PERSON) or by_somebody)


def no_list(values: Iterable[str], listed: frozenset[str]) -> str | None:
    """Says why the values of a column are from no list; None where they may be.

    Names of a list stand in at least two cells each, on average; people complain once, and some of
    them twice.
    """
    unlisted = [value for value in values if value not in listed]
    different = len(set(unlisted))
    if different > MOST or (len(unlisted) >= FEW and 2 * different > len(unlisted)):
        return (
            f"{different:,} different values in {len(unlisted):,} cells are no list; are these "
            "people, or words? If it is a list, name each of them under [values.…] of the map."
        )
    return None
