"""One fact out of a store file, read with sqlite3 alone: for the moment of a start when no table is known yet."""

import sqlite3
from pathlib import Path


def glance(path: Path, fact: str) -> tuple[int | None, str] | None:
    """The newest step's id and the fact of this name, in one snapshot; None where either cannot be read.

    Touches nothing and waits for nobody: a store that was not closed, or is open elsewhere, still has its log beside it
    and is left alone. Whatever is wrong with the file is told by the one who opens it.
    """
    if path.with_name(f"{path.name}-wal").exists():
        return None
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        return None
    try:
        query = "SELECT (SELECT max(id) FROM steps), value FROM store_facts WHERE name = ?"
        row = connection.execute(query, (fact,)).fetchone()
    except sqlite3.Error:
        return None
    finally:
        connection.close()
    return None if row is None else (row[0], str(row[1]))
