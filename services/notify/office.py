"""What a letter is written with: who works here, where links lead, and what time it is."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from services.notify.directory import Directory
from services.shared.local_time import at, local_date
from services.shared.manager_links import LinkPurpose, ManagerLink, address

LINKS_LAST = timedelta(days=90)
"""How long a manager's link is good: longer than any stage takes, extended as it may be."""


@dataclass(frozen=True)
class Office:
    """The installation as its letters show it, at one moment."""

    directory: Directory
    sender: str
    """The installation's own mail address."""
    public_url: str
    link_secret: str = field(repr=False)
    now: datetime
    """Aware."""

    def link(self, purpose: LinkPurpose, staff_id: str, reference: str) -> str:
        """Returns the address at which that person can do that for that complaint.

        The same all day, so that a mail that is tried again holds the same links.
        """
        link = ManagerLink(
            purpose=purpose,
            staff_id=staff_id,
            reference=reference,
            expires_at=at(local_date(self.now) + LINKS_LAST, time(0)),
        )
        return address(self.public_url, self.link_secret, link)
