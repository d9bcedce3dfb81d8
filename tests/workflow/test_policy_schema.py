"""The JSON Schema of a policy file: what is published, and what it lets pass."""

import copy
import json
import tomllib
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import typer
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from services.workflow import commands, policies, policy_schema
from tests.workflow.policy_files import NACRO, PUBLISHED

FILE = policies.POLICIES.with_name("policy.schema.json")

RENEW = "run `putright policy schema > services/workflow/policy.schema.json`"

Document = dict[str, Any]


def as_json(path: Path) -> Document:
    """A policy file as JSON knows it: dates and times are texts there."""
    read: Document = tomllib.loads(path.read_text("utf-8"))
    written: Document = json.loads(json.dumps(read, default=_text))
    return written


def _text(value: object) -> str:
    assert isinstance(value, date | time)
    return value.isoformat()


def validator() -> Draft202012Validator:
    return Draft202012Validator(
        json.loads(FILE.read_text("utf-8")), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def test_the_published_schema_is_the_models() -> None:
    assert FILE.read_text("utf-8") == policy_schema.as_text(), RENEW


def test_the_command_prints_the_published_schema() -> None:
    app = typer.Typer()
    app.add_typer(commands.policy_app)
    result = CliRunner().invoke(app, ["policy", "schema"])
    assert (result.exit_code, result.stdout) == (0, FILE.read_text("utf-8"))


def test_it_is_a_schema_of_the_draft_that_it_names() -> None:
    schema = json.loads(FILE.read_text("utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.parent.name)
def test_every_published_policy_passes(path: Path) -> None:
    assert [error.message for error in validator().iter_errors(as_json(path))] == []


PLANTED: dict[str, Callable[[Document], object]] = {
    "an unknown unit": lambda policy: policy["stages"][0]["respond"].update(within="5 fortnights"),
    "a span that only begins like one": lambda policy: policy["stages"][0]["respond"].update(
        within="5 days or so"
    ),
    "a missing anchor": lambda policy: policy["stages"][0]["respond"].pop("from"),
    "an unknown anchor": lambda policy: policy["stages"][0]["respond"].update({"from": "assigned"}),
    "an extension without a cap": lambda policy: policy["stages"][0]["extension"].pop("at_most"),
    "an unknown key": lambda policy: policy["stages"][0].update(colour="red"),
    "an unknown key of the whole": lambda policy: policy.update(colour="red"),
    "no stages": lambda policy: policy.update(stages=[]),
    "no landlord": lambda policy: policy.pop("landlord"),
    "a name that is no code": lambda policy: policy.update(name="Nacro"),
    "a date that is none": lambda policy: policy.update(effective="soon"),
    "a rung past sixty days": lambda policy: policy["ladder"][0].update(after=61),
    "nothing where a rule can be left out": lambda policy: policy.update(priority=None),
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_a_planted_mistake_fails(plant: Callable[[Document], object]) -> None:
    policy = copy.deepcopy(as_json(NACRO))
    plant(policy)
    assert not validator().is_valid(policy)


def test_keys_are_described_by_the_models_docstrings() -> None:
    described = json.loads(FILE.read_text("utf-8"))["$defs"]
    assert described["Clock"]["description"] == (
        "What must happen within which time of which anchor."
    )
    clause = described["Clock"]["properties"]["clause"]["description"]
    assert clause == "Where it stands in the landlord's document, or how we read it."
    first = described["Clock"]["properties"]["anchor_is_day_1"]["description"]
    assert first.startswith("True where the policy counts the anchor's own day as day 1")
    assert all(model["description"] for model in described.values())
