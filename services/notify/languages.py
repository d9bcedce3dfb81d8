"""The languages in which residents are written to: the words that letters put in place of codes.

English is built in. Another language is a folder of templates (`templates/layouts/TAG/`) with a
`wording.toml` that holds all that `Language` asks for.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Self, get_args

from pydantic import Field, model_validator

from services.notify.contents import Need
from services.shared.events import Decision, FeedbackKind, Frozen

WORDING = "wording.toml"
"""The file of a language's own words, beside its layouts."""


class Language(Frozen):
    """What a language says in letters to residents, besides its templates."""

    tag: str
    """BCP 47, as mail headers and HTML name it."""
    weekdays: tuple[str, ...] = Field(min_length=7, max_length=7)
    """Monday first."""
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    written_date: str
    """How a date stands in a letter, of {weekday}, {day}, {month} and {year}."""
    decisions: Mapping[Decision, str]
    needs: Mapping[Need, str]
    """What a policy asks for with a request for the next stage."""
    feedback: Mapping[FeedbackKind, str]
    """Each kind of feedback as people call it."""
    nobody_by_name: str
    """Who acts where no investigator is named yet, or the directory does not know the id."""

    @model_validator(mode="after")
    def _says_everything(self) -> Self:
        for name, kinds in (("decisions", Decision), ("needs", Need), ("feedback", FeedbackKind)):
            if missing := set(get_args(kinds)) - set(getattr(self, name)):
                raise ValueError(f"{name}: has no words for {min(missing)!r}")
        try:
            self.day(date.min)
        except (KeyError, IndexError) as error:
            raise ValueError(f"written_date: a date has no {error}") from None
        return self

    def day(self, day: date) -> str:
        """Returns the date as it stands in letters: "Wednesday 6 January 2027"."""
        return self.written_date.format(
            weekday=self.weekdays[day.weekday()],
            day=day.day,
            month=self.months[day.month - 1],
            year=day.year,
        )


def read(folder: Path) -> Language:
    """Reads the words of the language that has its layouts in `folder`.

    Raises OSError, TOMLDecodeError or ValidationError: a language is whole, or it is not there.
    """
    return Language.model_validate(tomllib.loads((folder / WORDING).read_text("utf-8")))


ENGLISH = Language(
    tag="en-GB",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    written_date="{weekday} {day} {month} {year}",
    decisions={
        "upheld": "upheld: you were right, and we got this wrong",
        "partially-upheld": "partly upheld: you were right about part of this",
        "not-upheld": "not upheld: we looked into this and did not find that we got it wrong",
    },
    needs={
        "reasons": "say why you are not happy with our answer",
        "outcome": "say what you want to happen",
        "further-evidence": (
            "give us what we have not seen yet and would help us to see it your way, such as "
            "photos, letters or the dates on which something happened"
        ),
    },
    feedback={
        "compliment": "compliment",
        "comment": "comment",
        "service-request": "request for a service",
        "anti-social-behaviour": "report of anti-social behaviour",
    },
    nobody_by_name="the complaints team",
)
