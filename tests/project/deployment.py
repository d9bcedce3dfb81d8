"""deploy/compose.yaml as Compose reads it, with env.example as its `.env`."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]

DEPLOY = ROOT / "deploy"

WRITTEN = re.compile(r"\$\$|\$\{(?P<name>[A-Z0-9_]+)(?P<must>:\?[^}]*)?\}")
"""What this project's files use of Compose's interpolation: `${NAME}`, `${NAME:?why}`, `$$`."""


class Missing(Exception):
    """A variable that compose.yaml needs is not set, or empty where it must not be."""


def example(secrets: str | None = None) -> dict[str, str]:
    """Returns the variables of env.example, every `change-me` replaced by `secrets` if given."""
    found: dict[str, str] = {}
    for line in (DEPLOY / "env.example").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found[name] = value if secrets is None else value.replace("change-me", secrets)
    return {name: interpolate(value, found) for name, value in found.items()}


def interpolate(text: str, variables: dict[str, str]) -> str:
    """Puts the variables in. Raises Missing."""

    def value(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return "$"
        if name not in variables or (match["must"] and not variables[name]):
            raise Missing(name)
        return variables[name]

    return WRITTEN.sub(value, text)


def compose(variables: dict[str, str]) -> dict[str, Any]:
    """Returns compose.yaml with its variables put in. Raises Missing."""

    def resolve(node: Any) -> Any:
        match node:
            case str():
                return interpolate(node, variables)
            case dict():
                return {key: resolve(value) for key, value in node.items()}
            case list():
                return [resolve(value) for value in node]
            case _:
                return node

    read = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return {key: resolve(value) for key, value in read.items()}


def asked_for() -> set[str]:
    """Returns the names of the variables that compose.yaml asks for."""
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    return {match["name"] for match in WRITTEN.finditer(text) if match["name"]}


EXAMPLE = example()

STACK = compose(EXAMPLE)

SERVICES: dict[str, dict[str, Any]] = STACK["services"]
