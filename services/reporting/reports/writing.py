"""Reports as files, for `putright report`."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from services.reporting import landlord
from services.reporting.on_database import say
from services.reporting.rebuilding import check_whole
from services.reporting.reports import self_assessment
from services.reporting.reports.formats import FormatName, render
from services.reporting.reports.making import Asked, Kind, draw, file_name, make
from services.reporting.reports.sample import KeyLine, Sample
from services.reporting.reports.self_assessment import Finding
from services.reporting.settings import ReportingSettings
from services.shared.database import Database
from services.shared.errors import MendRequest, TryLater

KIND: TypeAdapter[Kind] = TypeAdapter(Kind)
FORMATS: TypeAdapter[tuple[FormatName, ...]] = TypeAdapter(tuple[FormatName, ...])


class Order(NamedTuple):
    """What is to be made, and where it goes."""

    kind: str
    asked: Mapping[str, object]
    """The fields of `making.Asked`."""
    formats: tuple[str, ...]
    out: Path
    key: Path | None
    """Where the key of a sample is written."""
    findings: Path | None
    """What `putright policy check --json` printed."""


async def write(order: Order, database: Database) -> int:
    """Makes the report, writes it in each format, and returns the exit code.

    Raises the refusals of making it, and TryLater `being-counted`, `not-readable` and
    `not-writable`.
    """
    kind = KIND.validate_python(order.kind)
    formats = FORMATS.validate_python(order.formats)
    asked = _asked(order.asked)
    findings = _findings(kind, order.findings)
    about = landlord.read(ReportingSettings().report_facts_file)
    drawn: Sample | None = None
    await check_whole(database)
    async with database.snapshot() as session:
        if kind == "sample" or order.key is not None:
            drawn = await draw(session, asked)
            # Should more be answered in this moment, the report is refused: the key would not fit.
            asked = asked.model_copy(update={"digest": drawn.digest})
        now = datetime.now(UTC)
        report = await make(session, kind, asked, landlord=about, findings=findings, now=now)
    files = {order.out / file_name(kind, asked, each): render(report, each) for each in formats}
    if order.key is not None and drawn is not None:
        files[order.key] = _key(drawn)
    for path in _written(files):
        say(f"Written: {path}")
    if drawn is not None and not drawn.drawn:
        say(f"The sample is empty: nothing was answered from {report.period.shown}.")
    return 0


def _asked(fields: Mapping[str, object]) -> Asked:
    try:
        return Asked.model_validate(fields)
    except ValidationError as error:
        wrong = ", ".join(str(part) for each in error.errors() for part in each["loc"])
        raise MendRequest("cannot-be-asked", f"This cannot be asked for: {wrong}.") from None


def _findings(kind: Kind, path: Path | None) -> tuple[Finding, ...]:
    if kind != "self-assessment":
        return ()
    if path is None:
        raise MendRequest(
            "findings-needed", "Give --findings: what 'putright policy check NAME --json' printed."
        )
    try:
        return self_assessment.read_findings(path.read_text("utf-8"))
    except OSError as error:
        raise TryLater("not-readable", f"{path} could not be read: {error.strerror}.") from None


def _key(sample: Sample) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("case", "reference", "stage", "sample"))
    writer.writerows(
        (one.number, one.reference, one.code_stage, one.sample) for one in KeyLine.of(sample)
    )
    return table.getvalue().encode()


def _written(files: Mapping[Path, bytes]) -> Iterator[Path]:
    for path, content in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise TryLater(
                "not-writable", f"{path} could not be written: {error.strerror}."
            ) from None
        yield path
