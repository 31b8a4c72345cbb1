"""Writing the archive: one JSON document, or a workbook with a sheet for each kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from csdesk.services.archive.queries import archive
from csdesk.services.core.clock import Clock
from csdesk.services.files.writing import replaced


def export_json(connection: Connection, out: Path, clock: Clock) -> None:
    """Write everything in the store to ``out``. Raises StorageError, and then ``out`` is as it was."""
    document = archive(connection, clock.now())
    with replaced(out) as fresh, fresh.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_lines(document))


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    """JSON with a record a line: quick to write, and two exports can be compared line by line."""
    yield "{"
    for number, (key, value) in enumerate(document.items()):
        yield f"{',' if number else ''}\n{_json(key)}: "
        if isinstance(value, list) and value:
            yield "[\n"
            for place, record in enumerate(value):
                yield (",\n" if place else "") + _json(record)
            yield "\n]"
        else:
            yield _json(value)
    yield "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
