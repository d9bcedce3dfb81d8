"""The staff directory: who works here, in which role, under whom, who is away, and who covers.

Days are dates in Europe/London.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import EmailStr, ValidationError, model_validator

from services.notify.absences import Absence, of_the_day
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
    deputy: Code | None = None
    """Who covers for them while they are away; without one it is the line manager."""


class Reached(Frozen):
    """The person whom a notice to a role reaches, and in whose place."""

    person: StaffMember
    stands_in: bool = False
    """True when nobody holds the role asked for, so that the complaints officer gets it."""
    deputy_for: StaffMember | None = None
    """Who is away, so that this person gets it; None when nobody's place is taken."""
    away_until: date | None = None
    """The last day on which `deputy_for` is away."""


class Directory(Frozen):
    """Everybody who works here, and who is away when.

    Refuses ids used twice, people that are not listed, circles of line managers, and whoever
    covers for themself. Two people may cover for one another.
    """

    people: tuple[StaffMember, ...] = ()
    absences: tuple[Absence, ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for staff_id, times in Counter(person.id for person in self.people).items():
            if times > 1:
                raise ValueError(f"{times} people have the id {staff_id!r}")
        for person in self.people:
            self._check_named(person.id, "line manager", person.line_manager)
            self._check_named(person.id, "deputy", person.deputy)
            if any(manager.id == person.id for manager in self._managers_above(person)):
                raise ValueError(f"{person.id}: is in the end their own line manager")
        for absence in self.absences:
            if self.find(absence.staff_id) is None:
                raise ValueError(f"{absence.staff_id!r} is away, but not listed")
            self._check_named(absence.staff_id, "deputy", absence.deputy)
        return self

    def _check_named(self, staff_id: str, what: str, named: str | None) -> None:
        if named is not None and self.find(named) is None:
            raise ValueError(f"{staff_id}: their {what} {named!r} is not listed")
        if what == "deputy" and named == staff_id:
            raise ValueError(f"{staff_id}: cannot be their own deputy")

    @cached_property
    def _by_id(self) -> dict[str | None, StaffMember]:
        return {person.id: person for person in self.people}

    @cached_property
    def _absences_of(self) -> dict[str, list[Absence]]:
        found: dict[str, list[Absence]] = {}
        for absence in self.absences:
            found.setdefault(absence.staff_id, []).append(absence)
        return found

    def find(self, staff_id: str | None) -> StaffMember | None:
        """Returns the person of that id, or None."""
        return self._by_id.get(staff_id)

    @property
    def has_officer(self) -> bool:
        """Whether there is a complaints officer, without whom some notices reach nobody."""
        return bool(self._in_role(COMPLAINTS_OFFICER))

    def away(self, staff_id: str, on: date) -> Absence | None:
        """Returns the absence that keeps the person away on that day; None when they are here."""
        return of_the_day(self._absences_of.get(staff_id, ()), on)

    def deputy_of(self, staff_id: str, on: date) -> StaffMember | None:
        """Returns who covers for the person on that day, whether they are away or not.

        The deputy of the absence, else their own, else their line manager; while that one is away
        too, whoever covers for them, and so on. None when nobody of all these is here.
        """
        person = self.find(staff_id)
        if person is None:
            return None
        return self._first_here(self._covers(person, on), on, staff_id)

    def reach(self, to: ToStaff, on: date) -> Reached:
        """Returns whom a notice reaches on that day: exactly one person, and one who is here.

        The holder of the role; while they are away, whoever covers; with neither, the complaints
        officer. Somebody who is away is reached only when none of all these is here: the
        complaints officer themself, for a notice must reach somebody.
        Raises TryLater `no-complaints-officer` while it should be them and the directory has none.
        """
        # A late complaint is not brought to the notice of the one who is late with it.
        late_one = None if to.role == "investigator" else to.investigator
        holder = self._holder(to)
        person = None if holder is None else self._first_here([holder], on, late_one)
        if holder and person:
            return self._in_place_of(holder, person, on)
        officers = self._officers(to.service_area, without=late_one)
        only_they = any(officer.id == late_one for officer in officers)
        without = None if only_they else late_one
        person = self._first_here(officers, on, without) or officers[0]
        reached = self._in_place_of(holder or officers[0], person, on)
        stands_in = holder is None and to.role != COMPLAINTS_OFFICER
        return reached.model_copy(update={"stands_in": stands_in})

    def complaints_officer(self, service_area: str | None) -> StaffMember:
        """Returns the complaints officer of the area, away or not; without one, the first by id.

        Raises TryLater `no-complaints-officer` while the directory has none.
        """
        return self._officers(service_area, without=None)[0]

    def _officers(self, service_area: str | None, without: str | None) -> list[StaffMember]:
        """Returns them all, the area's first; the one of `without` only where there is no other."""
        officers = self._in_role(COMPLAINTS_OFFICER)
        if not officers:
            raise TryLater("no-complaints-officer", "The directory names no complaints officer.")
        others = [one for one in officers if one.id != without] or officers
        return sorted(others, key=lambda one: service_area not in one.service_areas)

    def _first_here(
        self, people: Sequence[StaffMember], on: date, without: str | None
    ) -> StaffMember | None:
        """Returns the first of them who is here; whoever covers for one comes before the next."""
        passed = {without}
        waiting = [*reversed(people)]
        while waiting:
            person = waiting.pop()
            if person.id in passed:
                continue
            passed.add(person.id)
            if self.away(person.id, on) is None:
                return person
            waiting.extend(reversed(self._covers(person, on)))
        return None

    def _covers(self, person: StaffMember, on: date) -> list[StaffMember]:
        absence = self.away(person.id, on)
        named = (None if absence is None else absence.deputy, person.deputy, person.line_manager)
        return [one for one in map(self.find, named) if one is not None]

    def _in_place_of(self, holder: StaffMember, person: StaffMember, on: date) -> Reached:
        absence = self.away(holder.id, on)
        if person == holder or absence is None:
            return Reached(person=person)
        return Reached(person=person, deputy_for=holder, away_until=absence.until_on)

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
        raise MendRequest("bad-directory", f"{path}: {what_is_wrong(error)}") from None
    if directory.absences:
        raise MendRequest("bad-directory", f"{path}: absences are entered by the API, not here")
    if not directory.has_officer:
        raise MendRequest("bad-directory", f"{path}: nobody has the role {COMPLAINTS_OFFICER!r}")
    return directory


def what_is_wrong(error: ValidationError) -> str:
    """Returns what a directory was refused for, each with whom it is about, in one line."""
    return "; ".join(
        f"{_place(entry['loc'])}{entry['msg'].removeprefix('Value error, ')}"
        for entry in error.errors(include_url=False, include_input=False)
    )


def _place(where: tuple[int | str, ...]) -> str:
    """Returns "person 3, email: ": people are counted from 1, as they are met in the file."""
    parts = [f"person {part + 1}" if isinstance(part, int) else part for part in where]
    named = ", ".join(part for part in parts if part != "people")
    return f"{named}: " if named else ""
