"""A file of the user's choice is put at its place whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from csdesk.services.core.faults import point
from csdesk.services.core.storage_errors import file_error


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A fresh path beside ``target`` to write to; it takes target's place when the block ends without an error.

    Otherwise what stood at ``target`` before still does, and the fresh file is gone. Raises StorageError that names
    the target where the disk does not let us.
    """
    fresh = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        yield fresh
        with fresh.open("r+b") as file:
            os.fsync(file.fileno())
        point("export.written")
        os.replace(fresh, target)
    except OSError as error:
        raise file_error(error, target) from error
    finally:
        _remove(fresh)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # the folder itself is gone or closed to us, as the error that is on its way already says
        return
