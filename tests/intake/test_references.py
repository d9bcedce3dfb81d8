"""References: how they are made and read."""

import re

import pytest

from services.intake.references import ALPHABET, new_reference, parse_reference, references_in
from services.shared.errors import NotThere


def test_a_reference_is_two_groups_of_crockfords_letters() -> None:
    made = {new_reference() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(rf"PR-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", one) for one in made)
    assert {character for one in made for character in one[3:]} == {*ALPHABET, "-"}
    assert not set(ALPHABET) & set("ILOU")


@pytest.mark.parametrize(
    "written",
    ["PR-1K3M-0QXD", "pr-1k3m-0qxd", "pr1k3m0qxd", "PR-IK3M-OQXD", "Pr-lk3m-oqxd"],
)
def test_a_reference_is_read_as_people_write_it(written: str) -> None:
    assert parse_reference(written) == "PR-1K3M-0QXD"


@pytest.mark.parametrize(
    "written", ["", "PR-", "PR-1K3M", "PR-1K3M-0QXU", "1K3M-0QXD", "PR-1K3M-0QXD\n", "PR–1K3M–0QXD"]
)
def test_what_is_no_reference_is_unknown(written: str) -> None:
    with pytest.raises(NotThere, match="unknown-reference"):
        parse_reference(written)


def test_references_are_found_in_a_text_each_once() -> None:
    text = (
        "About pr7k3m2qxd (PR-7K3M-2QXD), PR-IK3M-OQXD; "
        "not XPR-7K3M-2QXD, PR-7K3M-2QXDE, FB-7K3M-2QXD or PR-UUUU-UUUU."
    )
    assert references_in(text) == ["PR-7K3M-2QXD", "PR-1K3M-0QXD"]
