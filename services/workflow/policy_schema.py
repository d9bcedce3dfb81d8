"""The JSON Schema of a policy file (Draft 2020-12), for editors and for other tools.

It says which keys there are and what each may hold; how the stages follow each other, and what
goes with which ground, only reading the file can tell. Descriptions are the models' docstrings.
"""

import ast
import inspect
import json
from functools import cache
from itertools import pairwise
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import BeforeValidatorFunctionSchema, ModelSchema, NullableSchema

from services.workflow.policy import Policy
from services.workflow.spans import SPAN, SpanText

READS_SPANS = get_args(SpanText)[1].func
"""What makes a span of a text; by it a span is known among the schema's texts."""


def schema() -> dict[str, Any]:
    """Returns the schema of a policy file."""
    made = Policy.model_json_schema(schema_generator=_WithDocstrings)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": "urn:putright:policy",
        **made,
        "title": "Policy file",
    }


def as_text() -> str:
    """Returns the schema as the published file holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


class _WithDocstrings(GenerateJsonSchema):
    """Describes each key by the docstring under it, and says how a span is written."""

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        """Adds what the model says of its keys, and drops defaults that no file can hold."""
        made = super().model_schema(schema)
        cls: type[BaseModel] = schema["cls"]
        for name, field in cls.model_fields.items():
            key = made["properties"][field.alias or name]
            if (said := _docstring(cls, name)) is not None:
                key["description"] = said
            if field.default is None:
                del key["default"]
        return made

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        """Leaves null out: TOML has none, a key is left out instead."""
        return self.generate_inner(schema["schema"])

    def function_before_schema(self, schema: BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """Says how a span is written."""
        if schema["function"]["function"] is not READS_SPANS:
            return super().function_before_schema(schema)
        return {
            "type": "string",
            "pattern": f"^{SPAN.pattern}$",
            "examples": ["5 working days", "12 months"],
        }


def _docstring(cls: type[BaseModel], name: str) -> str | None:
    """Returns the docstring under an attribute, of the class that says it last."""
    found = (_docstrings(each).get(name) for each in cls.__mro__ if issubclass(each, BaseModel))
    return next((said for said in found if said is not None), None)


@cache
def _docstrings(cls: type[BaseModel]) -> dict[str, str]:
    """Returns the docstring under each attribute that has one, in one paragraph."""
    body = ast.parse(inspect.getsource(cls)).body[0]
    if cls is BaseModel or not isinstance(body, ast.ClassDef):
        return {}
    return {
        attribute.target.id: " ".join(inspect.cleandoc(text.value.value).split())
        for attribute, text in pairwise(body.body)
        if isinstance(attribute, ast.AnnAssign)
        and isinstance(attribute.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
