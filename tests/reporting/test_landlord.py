"""What only the landlord knows: read from its file, every mistake with its place."""

from datetime import date
from pathlib import Path

import pytest

from services.reporting.landlord import Landlord, read
from services.shared.errors import MendRequest, TryLater

EXAMPLE = Path(__file__).parents[2] / "deploy" / "landlord.example.toml"


def test_the_example_is_read_whole() -> None:
    landlord = read(EXAMPLE)
    assert landlord.name == "Example Homes"
    homes = landlord.homes_in(2026)
    assert homes is not None
    assert (homes.rented, homes.shared_ownership) == (4250, 310)
    words = landlord.words_of(date(2026, 4, 1), date(2027, 4, 1))
    assert words.board_comment
    assert words.late_responses
    assert len(words.plans) == 2
    assert words.improvements[0].done


def test_without_a_file_nothing_is_known_and_nothing_is_wrong() -> None:
    landlord = read(None)
    assert landlord == Landlord()
    assert landlord.homes_in(2026) is None
    assert landlord.words_of(date(2026, 4, 1), date(2027, 4, 1)).board_comment is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("nam = 'x'", "nam"),
        ("[[homes]]\nyear = 'soon'", "homes[1].year"),
        ("[[homes]]\nyear = 2026\nrented = -1", "homes[1].rented"),
        ("[[homes]]\nyear = 2026\n[[homes]]\nyear = 2026", "2026 stands here twice"),
        (
            "[[periods]]\nfrom_on = 2026-04-01\nbefore = 2026-04-01",
            "periods[1]: a period ends after it begins",
        ),
        (
            "[[periods]]\nfrom_on = 2026-04-01\nbefore = 2027-03-31",
            "periods[1]: a period begins on the first of a month",
        ),
        (
            "[[periods]]\nfrom_on = 2026-04-02\nbefore = 2027-04-01",
            "periods[1]: a period begins on the first of a month",
        ),
        (
            '[[periods]]\nfrom_on = 2026-04-01\nbefore = 2027-04-01\nboard_comment = "a\\u0000"',
            "periods[1].board_comment",
        ),
        ("tenant_satisfaction_measures = { ch02_of = 'all' }", "ch02_of"),
        ("name = ", "Invalid value"),
    ],
)
def test_a_mistake_is_refused_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "landlord.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(MendRequest) as refused:
        read(file)
    assert refused.value.code == "invalid-landlord-file"
    assert place in refused.value.detail


def test_a_file_that_is_not_there_is_another_matter(tmp_path: Path) -> None:
    with pytest.raises(TryLater) as refused:
        read(tmp_path / "landlord.toml")
    assert refused.value.code == "landlord-file-unreadable"


def test_what_is_said_of_days_that_overlap_is_found() -> None:
    def said(first: tuple[int, int], before: tuple[int, int]) -> dict[str, date]:
        return {"from_on": date(*first, 1), "before": date(*before, 1)}

    quarters = [said((2026, 7), (2026, 10)), said((2026, 4), (2026, 7)), said((2027, 4), (2027, 7))]
    landlord = Landlord.model_validate({"periods": quarters})
    year = (date(2026, 4, 1), date(2027, 4, 1))
    assert [one.from_on.month for one in landlord.overlapping(*year)] == [4, 7]
    assert landlord.overlapping(date(2026, 10, 1), date(2027, 4, 1)) == ()
