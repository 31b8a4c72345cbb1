"""Writing the archive: one JSON document, or a workbook with a sheet for each kind."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import Connection

from csdesk.services.archive.queries import archive
from csdesk.services.core.clock import Clock
from csdesk.services.files.placing import placed


def export_json(connection: Connection, out: Path, clock: Clock) -> None:
    """Write everything in the store to ``out``. Raises StorageError, and then ``out`` is as it was."""
    document = archive(connection, clock.now())
    with placed(out) as fresh, fresh.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
        file.write("\n")
