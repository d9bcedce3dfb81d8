"""What is wrong with a policy file, one line a mistake: its line, its key, and what is expected.

Pydantic says where in the model a value does not fit; here that becomes where in the file.
"""

import re
from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.workflow.toml_source import Place, TomlSource, is_called

OF_A_KEY = re.compile(
    r"(?P<place>[\w\[\]-]+(\.[\w\[\]-]+)*)(?P<says>(?P<missing> is missing)?: .*)", re.DOTALL
)
"""What a rule over several keys says: the key that it blames, and then what is wrong with it."""

REPEATED = re.compile(r"there are two of \S+ '(?P<name>.*)'")

PLAIN = {
    "bool_parsing": "should be true or false",
    "bool_type": "should be true or false",
    "string_pattern_mismatch": "should be lower-case letters, digits and hyphens",
    "model_type": "should be a table",
    "model_attributes_type": "should be a table",
    "tuple_type": "should be an array",
    "frozen_set_type": "should be an array",
}
"""Where Pydantic speaks of its own types: the same in the words of the file."""

PYDANTICS_SUBJECT = re.compile(r"^(Input|String|Value|Tuple|Set) ")

SHOWN_UP_TO = 60
"""How many characters of a wrong value are repeated to its writer."""


def mistakes(error: ValidationError, source: TomlSource) -> list[str]:
    """Returns each mistake as "23: stages[0].respond.from is missing", by line."""
    found: dict[tuple[int, str], list[str]] = {}
    for details in error.errors(include_url=False):
        place, says = _blamed(details, source)
        line = source.line(_aimed_at(place, says, source))
        found.setdefault((line, _written(place)), []).append(says)
    return [
        f"{line}: {key}{'; or'.join(dict.fromkeys(says))}"
        for (line, key), says in sorted(found.items(), key=lambda entry: entry[0][0])
    ]


def _blamed(details: ErrorDetails, source: TomlSource) -> tuple[Place, str]:
    """Returns the place that is wrong and what is wrong with it."""
    place = tuple(_in_the_file(details, source))
    message = details["msg"].removeprefix("Value error, ")
    match details["type"]:
        case "missing":
            return place, " is missing"
        case "extra_forbidden":
            return place, " is not a key that a policy has"
        case "value_error":
            return _of_several_keys(place, message, source)
        case kind if kind in PLAIN:
            return place, f": {_shown(details['input'])} {PLAIN[kind]}"
        case _:
            shown = _shown(details["input"])
            return place, f": {PYDANTICS_SUBJECT.sub(lambda _: f'{shown} ', message)}"


def _in_the_file(details: ErrorDetails, source: TomlSource) -> Iterator[str | int]:
    """Returns the parts of a location that the file has: Pydantic also names what it tried."""
    *outer, last = details["loc"] or ("",)
    place: Place = ()
    for part in outer:
        if source.locate((*place, part)) != place:
            place = (*place, part)
            yield part
    if details["type"] == "missing" or source.locate((*place, last)) != place:
        yield last


def _of_several_keys(place: Place, message: str, source: TomlSource) -> tuple[Place, str]:
    """Finds the key that a rule blames: "signposts[0].services: …", "stage-1: respond.from: …"."""
    while (blamed := OF_A_KEY.fullmatch(message)) is not None:
        inner = (*place, *_read(blamed["place"]))
        found = source.locate(inner)
        if found == place and not blamed["missing"]:
            break
        place, message = (*found, *inner[len(found) :]), blamed["says"].removeprefix(": ")
    return place, message if message.startswith(" is missing") else f": {message}"


def _read(written: str) -> Place:
    parts = re.findall(r"[^.\[\]]+", written)
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def _aimed_at(place: Place, says: str, source: TomlSource) -> Place:
    """Returns the place to point at: of two alike the later, of a table the key that is named."""
    found, value = source.find(place)
    if found != place:
        return found
    repeated = REPEATED.search(says)
    if repeated is None or not isinstance(value, list):
        return (*found, says.removeprefix(": ").partition(" ")[0])
    alike = (at for at, item in enumerate(value) if is_called(item, repeated["name"]))
    return (*found, *list(alike)[-1:])


def _written(place: Place) -> str:
    """Returns a place as people write it: "stages[0].respond.from"."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(
        "."
    )


def _shown(value: object) -> str:
    shown = repr(value) if isinstance(value, str) else str(value)
    return "it" if isinstance(value, dict | list) or len(shown) > SHOWN_UP_TO else shown
