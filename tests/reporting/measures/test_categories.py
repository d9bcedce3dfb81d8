"""Landlords' categories become themes of one list; what the list does not know is not guessed."""

import tomllib

import pytest

from services.reporting import categories
from services.reporting.categories import NONE_GIVEN, NOT_STANDARDISED, theme_of, title_of


@pytest.mark.parametrize(
    ("written", "theme"),
    [
        ("Damp & Mould", "damp-and-mould"),
        ("damp and mould", "damp-and-mould"),
        ("DAMP-AND-MOULD", "damp-and-mould"),
        ("ASB", "anti-social-behaviour"),
        ("Wi-Fi", "connectivity"),
        ("  Repairs: delay ", "repairs-delay"),
        ("repairs", "repairs"),
        ("Staff attitude", "staff-conduct"),
    ],
)
def test_names_that_landlords_use_are_one_theme(written: str, theme: str) -> None:
    assert theme_of("housing-ombudsman", written) == theme


def test_a_landlords_own_word_counts_under_its_policy_alone() -> None:
    assert theme_of("nacro", "Service") == "support-service"
    assert theme_of("manchester", "Service") == NOT_STANDARDISED


def test_what_the_list_does_not_know_is_kept_apart_from_what_has_no_category() -> None:
    assert theme_of("nacro", "Something of our own") == NOT_STANDARDISED
    assert theme_of("nacro", None) == NONE_GIVEN
    assert {title_of(NOT_STANDARDISED), title_of(NONE_GIVEN)} == {
        "Not standardised",
        "No category given",
    }


def test_every_theme_has_a_title_and_every_alias_one_theme() -> None:
    listed = tomllib.loads(categories.FILE.read_text("utf-8"))
    assert [title_of(name) for name in categories.all_themes()] == [
        theme["title"] for theme in listed["themes"]
    ]
    for theme in listed["themes"]:
        for name in (theme["code"], theme["title"], *theme["aliases"]):
            assert theme_of("any", name) == theme["code"], name
    for policy, own in listed["policies"].items():
        for name, theme in own.items():
            assert theme_of(policy, name) == theme
            assert theme in categories.all_themes()
