"""Links in managers' mails: they hold nothing to read, and open for one purpose and a time."""

from datetime import UTC, datetime, timedelta

import pytest

from services.shared.errors import NotThere
from services.shared.manager_links import ManagerLink, address, opened

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
LINK = ManagerLink(
    purpose="confirm",
    staff_id="sam-okafor",
    reference="PR-7K3M-9X2Q",
    expires_at=NOW + timedelta(days=1),
)


def token(link: ManagerLink = LINK) -> str:
    return address("https://complaints.example.org/", "secret", link).rpartition("/")[2]


def test_a_link_says_nothing_and_opens_to_what_it_was_made_of() -> None:
    shown = address("https://complaints.example.org/", "secret", LINK)
    assert shown.startswith("https://complaints.example.org/manager/confirm/")
    assert "sam" not in shown
    assert "7K3M" not in shown
    assert opened("secret", "confirm", token(), NOW) == LINK


def test_a_mail_that_is_tried_again_holds_the_same_link() -> None:
    assert token() == token()


def test_a_link_is_good_until_it_expires() -> None:
    assert opened("secret", "confirm", token(), LINK.expires_at - timedelta(seconds=1)) == LINK
    with pytest.raises(NotThere) as refused:
        opened("secret", "confirm", token(), LINK.expires_at)
    assert refused.value.code == "expired-link"


@pytest.mark.parametrize(
    ("secret", "purpose", "shown"),
    [
        ("another", "confirm", token()),
        ("secret", "extend", token()),
        ("secret", "confirm", token()[:-3]),
        ("secret", "confirm", "A" + token()[1:]),
        ("secret", "confirm", ""),
        ("secret", "confirm", "ä%00"),
        ("secret", "confirm", "a" * 10_000),
    ],
)
def test_a_link_that_we_did_not_make_for_this_purpose_opens_nothing(
    secret: str, purpose: str, shown: str
) -> None:
    with pytest.raises(NotThere) as refused:
        opened(secret, purpose, shown, NOW)
    assert refused.value.code == "unknown-link"
