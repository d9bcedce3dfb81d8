"""Reading a map from its file, a TOML file that goes with a table."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from services.reporting.importing.column_map import ColumnMap
from services.shared.errors import MendRequest


def read_map(path: Path, *, policy: str | None = None) -> ColumnMap:
    """Reads a map; `policy` takes the place of the one that it names.

    Raises MendRequest `unreadable-map`, and `wrong-map` with a line for each mistake in `lines`.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise MendRequest("unreadable-map", f"{path}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MendRequest("unreadable-map", f"{path}: {error}.") from None
    try:
        return ColumnMap.model_validate(
            content if policy is None else {**content, "policy": policy}
        )
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in each['loc']) or 'the map'}: {each['msg']}"
            for each in error.errors(include_url=False, include_context=False)
        ]
        raise MendRequest("wrong-map", f"{path}: {'; '.join(lines)}.", lines=list(lines)) from None
