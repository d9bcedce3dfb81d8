"""The staff directory: who works here, in which role, under whom; and who a notice reaches."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import EmailStr, ValidationError, model_validator

from services.notify.contract import ToStaff
from services.shared.errors import MendRequest, TryLater
from services.shared.events import Frozen
from services.shared.text import Code, Label, Line

COMPLAINTS_OFFICER = "complaints-officer"
HEAD_OF_SERVICE = "head-of-service"


class StaffMember(Frozen):
    """One person of the directory, under a stable id such as `sam-okafor`."""

    id: Code
    name: Line
    email: EmailStr
    role: Code
    """`manager`, `area-manager`, `head-of-service`, `complaints-officer`… as policies name them."""
    service_areas: tuple[Label, ...] = ()
    """The areas that they answer for; none means that their role is not tied to an area."""
    line_manager: Code | None = None


class Reached(Frozen):
    """The person whom a notice to a role reaches."""

    person: StaffMember
    stands_in: bool
    """True when nobody holds the role asked for, so that the complaints officer gets it."""


class Directory(Frozen):
    """Everybody who works here. Refuses ids used twice, unknown line managers and circles."""

    people: tuple[StaffMember, ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for staff_id, times in Counter(person.id for person in self.people).items():
            if times > 1:
                raise ValueError(f"{times} people have the id {staff_id!r}")
        for person in self.people:
            if person.line_manager is not None and self.find(person.line_manager) is None:
                raise ValueError(
                    f"{person.id}: their line manager {person.line_manager!r} is not listed"
                )
            if any(manager.id == person.id for manager in self._managers_above(person)):
                raise ValueError(f"{person.id}: is in the end their own line manager")
        return self

    @cached_property
    def _by_id(self) -> dict[str | None, StaffMember]:
        return {person.id: person for person in self.people}

    def find(self, staff_id: str | None) -> StaffMember | None:
        """Returns the person of that id, or None."""
        return self._by_id.get(staff_id)

    def reach(self, to: ToStaff) -> Reached:
        """Returns whom a notice reaches: the holder of the role, or the complaints officer.

        Raises TryLater `no-complaints-officer` while the directory has none.
        """
        holder = self._holder(to)
        if holder is not None:
            return Reached(person=holder, stands_in=False)
        return Reached(
            person=self.complaints_officer(to.service_area),
            stands_in=to.role != COMPLAINTS_OFFICER,
        )

    def complaints_officer(self, service_area: str | None) -> StaffMember:
        """Returns the complaints officer of the area; without one, the first by id.

        Raises TryLater `no-complaints-officer` while the directory has none.
        """
        officers = self._in_role(COMPLAINTS_OFFICER)
        if not officers:
            raise TryLater("no-complaints-officer", "The directory names no complaints officer.")
        return next((one for one in officers if service_area in one.service_areas), officers[0])

    def _holder(self, to: ToStaff) -> StaffMember | None:
        investigator = self.find(to.investigator)
        match to.role:
            case "investigator":
                return investigator
            case "line-manager":
                return self.find(investigator.line_manager) if investigator else None
            case "head-of-service":
                return self._head_of_service(investigator, to.service_area)
            case "complaints-officer":
                return None

    def _head_of_service(
        self, investigator: StaffMember | None, service_area: str | None
    ) -> StaffMember | None:
        # An overdue complaint is not brought to the notice of the one who is late with it.
        late_one = None if investigator is None else investigator.id
        heads = (head for head in self._in_role(HEAD_OF_SERVICE) if head.id != late_one)
        of_area = next((head for head in heads if service_area in head.service_areas), None)
        if of_area is not None or investigator is None:
            return of_area
        above = self._managers_above(investigator)
        return next((one for one in above if one.role == HEAD_OF_SERVICE), None)

    def _in_role(self, role: str) -> list[StaffMember]:
        return sorted(
            (person for person in self.people if person.role == role), key=lambda one: one.id
        )

    def _managers_above(self, person: StaffMember) -> Iterator[StaffMember]:
        """Yields the line manager, theirs, and so on up; each once, should they form a circle."""
        seen: set[str] = set()
        manager = self.find(person.line_manager)
        while manager is not None and manager.id not in seen:
            seen.add(manager.id)
            yield manager
            manager = self.find(manager.line_manager)


def read(path: Path) -> Directory:
    """Reads a directory from its TOML file: one `[[people]]` table a person.

    Raises MendRequest `bad-directory`, which says what is wrong with which person.
    """
    try:
        directory = Directory.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MendRequest("bad-directory", f"{path} cannot be read: {error}") from None
    except ValidationError as error:
        raise MendRequest("bad-directory", f"{path}: {_what_is_wrong(error)}") from None
    if not any(person.role == COMPLAINTS_OFFICER for person in directory.people):
        raise MendRequest("bad-directory", f"{path}: nobody has the role {COMPLAINTS_OFFICER!r}")
    return directory


def _what_is_wrong(error: ValidationError) -> str:
    return "; ".join(
        f"{_place(entry['loc'])}{entry['msg'].removeprefix('Value error, ')}"
        for entry in error.errors(include_url=False, include_input=False)
    )


def _place(where: tuple[int | str, ...]) -> str:
    """Returns "person 3, email: ": people are counted from 1, as they are met in the file."""
    parts = [f"person {part + 1}" if isinstance(part, int) else part for part in where]
    named = ", ".join(part for part in parts if part != "people")
    return f"{named}: " if named else ""
