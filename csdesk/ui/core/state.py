"""What the window remembers: a small JSON file in the settings folder. Never business data."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

log = logging.getLogger(__name__)
SAVE_AFTER_MS = 400
RECENTS = 10


class State(QObject):
    """UI state by dotted key ("window.geometry", "table.accounts"). Values are JSON; a damaged file starts afresh.

    ``set`` saves a moment later, ``flush`` at once. A file that cannot be written costs the memory, nothing else.
    ``path`` None keeps everything in memory.
    """

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._values: dict[str, Any] = _read(path)
        self._dirty = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        self._timer.timeout.connect(self.flush)

    def get(self, key: str, default: Any = None) -> Any:
        """The value under ``key``, or ``default``."""
        return self._values.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Keep ``value`` (JSON) under ``key``; None forgets it."""
        if self._values.get(key) == value:
            return
        if value is None:
            self._values.pop(key, None)
        else:
            self._values[key] = value
        self._dirty = True
        self._timer.start()

    def add_recent(self, place: str, record: int, title: str) -> None:
        """Put a record at the head of the recently opened ones of ``place`` (a feature's key)."""
        rest = [entry for entry in self.recents(place) if entry[0] != record]
        newest = [(record, title), *rest][:RECENTS]
        self.set(f"recent.{place}", [[str(number), text] for number, text in newest])

    def recents(self, place: str) -> list[tuple[int, str]]:
        """The records of ``place`` opened last, newest first: (id, title as it was then)."""
        found = []
        for entry in self.get(f"recent.{place}", []):
            if isinstance(entry, list) and len(entry) == 2 and str(entry[0]).isdigit():
                found.append((int(entry[0]), str(entry[1])))
        return found

    def flush(self) -> None:
        """Write now if anything changed: to a new file, then put in place."""
        self._timer.stop()
        if not self._dirty or self._path is None:
            return
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(fresh, self._path)
        except OSError as error:
            log.warning("window state not saved: %s", error)
            return
        self._dirty = False


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.warning("window state not read: %s", error)
        return {}
    return values if isinstance(values, dict) else {}
