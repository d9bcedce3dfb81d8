"""Tags in mail addresses: found again whatever a mail server does to them, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shared.mail_tags import tag, tagged, tagged_name

OURS = "complaints@example.org"


def test_a_tag_names_the_complaint_even_when_the_address_was_changed_to_capitals() -> None:
    address = tagged(OURS, "secret", "complaint", "PR-7K3M-9X2Q")
    assert address.startswith("complaints+pr-7k3m-9x2q.")
    assert tagged_name(address, "secret", "complaint") == "pr-7k3m-9x2q"
    assert tagged_name(f"<{address.upper()}>", "secret", "complaint") == "pr-7k3m-9x2q"


def test_a_tag_stands_in_the_place_of_an_earlier_one_and_fits_a_local_part() -> None:
    address = tagged("complaints+old@example.org", "secret", "notice", "a" * 26)
    assert "old" not in address
    assert len(address.partition("@")[0]) <= 64


@pytest.mark.parametrize(
    "address",
    [
        OURS,
        "complaints+pr-7k3m-9x2q@example.org",
        "complaints+pr-7k3m-9x2q.@example.org",
        f"complaints+{tag('another', 'complaint', 'PR-7K3M-9X2Q')}@example.org",
        f"complaints+{tag('secret', 'notice', 'PR-7K3M-9X2Q')}@example.org",
        f"complaints+{tag('secret', 'complaint', 'PR-7K3M-9X2Q')}x@example.org",
        "complaints+" + "a." * 500 + "@example.org",
        "",
        "+",
    ],
)
def test_what_we_did_not_sign_for_this_purpose_names_nothing(address: str) -> None:
    assert tagged_name(address, "secret", "complaint") is None


@given(st.text())
def test_no_text_breaks_the_reading(address: str) -> None:
    assert tagged_name(address, "secret", "notice") is None
