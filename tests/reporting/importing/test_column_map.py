"""A map that could not be meant is refused, with the place and the reason."""

from copy import deepcopy
from pathlib import Path
from typing import Any, cast, get_args

import pytest

from services.intake import references
from services.reporting.importing.column_map import KNOWN, OURS, ColumnMap
from services.reporting.importing.map_file import read_map
from services.shared.errors import MendRequest
from services.workflow import messages
from tests.reporting.importing.tables import MAP

EXAMPLE = Path(__file__).parents[3] / "deploy" / "import" / "past-complaints.toml"


def refusal(folder: Path, text: str) -> MendRequest:
    file = folder / "map.toml"
    file.write_bytes(text.encode())
    with pytest.raises(MendRequest) as refused:
        read_map(file)
    return refused.value


def changed(path: str, value: Any) -> dict[str, Any]:
    """The map with one key, such as `stages.1.name`, in another way."""
    whole = deepcopy(dict(MAP))
    *parents, last = path.split(".")
    place: Any = whole
    for name in parents:
        place = place[int(name)] if name.isdigit() else place.setdefault(name, {})
    place[last] = value
    return whole


def test_the_example_is_a_map() -> None:
    found = read_map(EXAMPLE)
    assert (found.policy, found.prefix, len(found.stages)) == ("housing-ombudsman", "OLD", 2)
    assert read_map(EXAMPLE, policy="nacro").policy == "nacro"


def test_no_file_or_no_toml_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "policy = ").code == "unreadable-map"
    with pytest.raises(MendRequest) as refused:
        read_map(tmp_path / "nothing.toml")
    assert refused.value.code == "unreadable-map"
    (tmp_path / "latin.toml").write_bytes(b'policy = "\xe9"')
    with pytest.raises(MendRequest) as refused:
        read_map(tmp_path / "latin.toml")
    assert refused.value.code == "unreadable-map"


def test_each_mistake_is_named_with_its_place(tmp_path: Path) -> None:
    found = refusal(tmp_path, 'policy = "X Y"\n[columns]\nreference = "Ref"\nname = "Tenant"\n')
    assert found.code == "wrong-map"
    lines = cast(list[str], found.facts["lines"])
    assert {line.split(":")[0] for line in lines} == {
        *("policy", "effective", "stages"),
        *("columns.received_on", "columns.name"),
    }


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("prefix", "PR", "begin like that"),
        ("prefix", "fb", "begin like that"),
        ("prefix", "OLD-", "pattern"),
        ("columns.channel", None, "channel"),
        ("columns.address", "Address", "Extra inputs"),
        ("stages.0.columns.requested_on", "Requested", "begins with the receipt"),
        ("stages.0.columns.declined_on", "Declined", "begins with the receipt"),
        ("stages.1.columns.requested_on", None, "requested_on"),
        ("stages.1.name", "stage-1", "one name"),
        ("stages.1.respond_within", None, "respond_within"),
        ("stages.1.acknowledge_within", None, "acknowledge_within"),
        ("stages.1.respond_within", 0, "greater than or equal to 1"),
        ("stages", [], "at least 1"),
        ("dates", ["%d/%m"], "a day, a month and a year"),
        ("dates", ["%d/%m/%Y", "%m/%d/%Y"], "either of two days"),
        ("dates", ["%m-%d-%Y", "%d-%m-%Y"], "either of two days"),
        ("dates", ["%d/%m/%Y", "%Y-%m-%d", "%m-%d-%Y"], "either of two days"),
        ("dates", ["%d.%m.%y", "%m/%d/%Y"], "either of two days"),
        ("dates", ["%Y-%m-%d", "%Y-%d-%m"], "either of two days"),
        ("dates", ["%y-%m-%d", "%d-%m-%y"], "either of two days"),
        ("dates", ["%Y/%m/%d %H:%M", "%Y/%d/%m"], "either of two days"),
        ("dates", ["%-d/%m/%Y"], "a day, a month and a year"),
        ("dates", ["%d/%m/%Y %d"], "no date can be read"),
        ("values.decision", {"Yes": "right"}, "none of not-upheld"),
        ("values.received_on", {"x": "y"}, "no values to map"),
        ("nation", "france", "england"),
        ("defaults.tenure", "freehold", "rented"),
        ("header_row", 0, "greater than or equal to 1"),
        ("stages.1.name", "tribunal", "no figure by the Code"),
        ("stages.0.outside_code", True, "no figure by the Code"),
        ("values.refusal_reason", {"Old": "Ada Bell"}, "a reason is a code"),
        ("values.decline_reason", {"Old": "-"}, "a reason is a code"),
    ],
)
def test_what_could_not_be_meant_is_refused(path: str, value: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ColumnMap.model_validate(changed(path, value))


@pytest.mark.parametrize(
    "formats",
    [
        ["%d/%m/%Y", "%Y-%m-%d", "%d %b %y"],
        ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y %H:%M"],
        ["%d %b %Y", "%B %d, %Y"],  # a month by its name is no day
        ["%m/%d/%Y", "%Y-%m-%d"],
    ],
)
def test_formats_of_which_no_date_has_two_readings_stand_together(formats: list[str]) -> None:
    assert ColumnMap.model_validate(changed("dates", formats)).dates == tuple(formats)


def test_what_only_needs_a_due_date_column_needs_no_working_days() -> None:
    stage = deepcopy(MAP["stages"][0]) | {"respond_within": None, "acknowledge_within": None}
    found = ColumnMap.model_validate({**MAP, "stages": [stage]})
    assert found.stages[0].columns.respond_due == "Due"


def test_a_stage_that_the_code_does_not_know_is_one_if_the_map_says_so() -> None:
    whole = changed("stages.0.name", "first-step-resolution")
    whole["stages"][0]["outside_code"] = True
    assert ColumnMap.model_validate(whole).stages[0].outside_code


def test_no_table_brings_in_references_such_as_living_complaints_have() -> None:
    assert set(get_args(references.Prefix)) == OURS
    for prefix in OURS:
        with pytest.raises(ValueError, match="begin like that"):
            ColumnMap.model_validate(changed("prefix", prefix))


def test_channels_are_those_of_living_complaints() -> None:
    assert KNOWN["channel"] == set(get_args(messages.Channel))
