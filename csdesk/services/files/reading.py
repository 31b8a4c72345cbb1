"""Opens a spreadsheet from outside, whatever it is: a workbook comes back, or one sentence why not."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import _
from csdesk.services.files.child import ChildEnded, converse, reader_command
from csdesk.services.files.limits import LIMITS, Limits
from csdesk.services.files.refusal import Refused
from csdesk.services.files.sentences import note, refusal
from csdesk.services.files.workbook import Merged, Note, Row, Sheet, Workbook, column_letters

FirstRows = Callable[[Workbook], None]
ENOUGH_TO_SHOW = 200
_MOST_KNOWN = 50_000
_CELL_TYPES = {type(None), str, bool, int, float, datetime.date, datetime.datetime, datetime.time}


def read_workbook(
    path: Path,
    *,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
    password: str | None = None,
    encoding: str | None = None,
    first_rows: FirstRows | None = None,
) -> Workbook:
    """Read a file in a process of its own, within `limits`. `encoding` overrules the guess for text tables.

    `first_rows` is called once, on this thread, with what was read when enough rows have come to be shown: no notes and no
    merged ranges yet. It is not called for files that are shorter.

    Raises Problems with one problem, whose code says why the file is refused ("encrypted" and "wrong_password" want a
    password), and Cancelled where the user stops. The password is neither stored nor logged.
    """
    path = Path(path)
    progress = progress or Progress()
    deadline = time.monotonic() + limits.seconds
    try:
        with opened(path, limits) as source:
            progress.step(_("Reading {name}").format(name=path.name))
            options = {"limits": limits.as_options(), "password": password or "", "encoding": encoding or ""}
            return _read(path, source, options, limits, deadline, progress, first_rows)
    except Refused as refused:
        raise refusal(refused, path.name) from None


class ReadAhead:
    """A file that is being read on a thread of its own, while the caller gets ready."""

    def __init__(self, path: Path) -> None:
        self.path, self.progress = path, Progress()
        self._found: Workbook | BaseException | None = None
        self._thread = threading.Thread(target=self._read, name=f"reading {path.name}", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            self._found = read_workbook(self.path, progress=self.progress)
        except BaseException as error:  # noqa: BLE001 - raised again where the workbook is asked for
            self._found = error

    def workbook(self) -> Workbook:
        """The workbook, waited for. Raises what ``read_workbook`` raises."""
        self._thread.join()
        assert self._found is not None
        if isinstance(self._found, BaseException):
            raise self._found
        return self._found

    def stop(self) -> None:
        """Give up, and end the reading process."""
        self.progress.cancel()
        self._thread.join()


def read_pasted(text: str, html: str = "", *, limits: Limits = LIMITS, progress: Progress | None = None) -> Workbook:
    """A table from the clipboard as a workbook: the HTML where it holds a table, else the text.

    Raises Problems where neither holds one, and Cancelled where the user stops.
    """
    path = Path(_("Pasted table"))
    data = (html if "<table" in html.casefold() else text).encode("utf-8", "replace")
    deadline = time.monotonic() + limits.seconds
    options = {"limits": limits.as_options(), "password": "", "encoding": "utf-8"}
    try:
        if not data.strip():
            raise Refused("empty")
        with tempfile.TemporaryFile() as source:
            source.write(data)
            found = _read(path, source, options, limits, deadline, progress or Progress())
            return dataclasses.replace(found, encoding="")
    except Refused as refused:
        raise refusal(refused, path.name) from None


def opened(path: Path, limits: Limits) -> BinaryIO:
    """The file, open. Raises Refused for what is no file, is empty, too large or cannot be read."""
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise Refused("folder")
        if not stat.S_ISREG(about.st_mode):
            raise Refused("unreadable")
        if about.st_size == 0:
            raise Refused("empty")
        if about.st_size > limits.file:
            raise Refused("too_large")
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError):
        raise Refused("missing") from None
    except (OSError, ValueError):
        raise Refused("unreadable") from None


def _read(
    path: Path,
    source: BinaryIO,
    options: dict[str, Any],
    limits: Limits,
    deadline: float,
    progress: Progress,
    first_rows: FirstRows | None = None,
) -> Workbook:
    """Let the fast reader try, and where it dies of an .xlsx, the slow one in what is left of the time."""
    for engine in ("fast", "streaming"):
        source.seek(0)
        digest = hashlib.sha256()
        assembly = _Assembly(limits, progress, first_rows)
        talk = converse(
            reader_command(),
            source,
            {**options, "engine": engine},
            limits=limits,
            deadline=deadline,
            progress=progress,
            digest=digest,
        )
        try:
            with contextlib.closing(talk):
                for message in talk:
                    assembly.take(message)
            return assembly.workbook(path, digest.hexdigest())
        except ChildEnded as ended:
            if ended.reason == "timeout":
                raise Refused("timeout", number=round(limits.seconds)) from None
            if assembly.kind != "xlsx" or engine == "streaming":
                raise Refused("memory" if ended.reason == "memory" else "damaged") from None
        except Refused as refused:
            if refused.code != "memory" or assembly.kind != "xlsx" or engine == "streaming":
                raise
    raise Refused("damaged")


def spans(numbers: Iterable[int], name: Callable[[int], str]) -> tuple[str, ...]:
    """Numbers as people list them, runs joined: 4, 7–9."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return tuple(name(first) if first == last else f"{name(first)}\u2013{name(last)}" for first, last in runs)


class _Assembly:
    """Puts the messages of a reading process together, believing none of them unseen."""

    def __init__(self, limits: Limits, progress: Progress, first_rows: FirstRows | None) -> None:
        self.limits, self.progress = limits, progress
        self.kind = self.encoding = self.delimiter = ""
        self.encodings: tuple[str, ...] = ()
        self.first_rows = first_rows
        self.sheets: list[Sheet] = []
        self.notes: list[Note] = []
        self.rows: list[Row] | None = None
        self.name = ""
        self.hidden = False
        self.cells = 0
        self.known: dict[str, str] = {}  # a text that many rows hold is kept once
        self.done = False

    def take(self, message: Any) -> None:
        """Take one message in. Raises Refused where it is a refusal or makes no sense."""
        try:
            self._take(message)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Refused("damaged") from error

    def _take(self, message: dict[str, Any]) -> None:
        if "rows" in message:
            self._take_rows(message["rows"])
        elif "sheet" in message:
            self._begin(message)
        elif "end" in message:
            self._end(message["end"], message["notes"])
        elif "kind" in message:
            self.kind = str(message["kind"])
            self.encoding, self.delimiter = str(message.get("encoding", "")), str(message.get("delimiter", ""))
            self.encodings = tuple(map(str, message.get("encodings", ())))
        elif "again" in message:
            self.sheets, self.rows, self.cells = [], None, 0
            self.notes = [told for told in self.notes if told.code != "sheets_beyond"]
        elif "refused" in message:
            raise Refused(str(message["refused"]), str(message["what"] or ""), int(message["number"]))
        elif "told" in message:
            self.notes.append(self._note(str(message["told"]), (), 1))
        elif "sheets_beyond" in message:
            self.notes.append(self._note("sheets_beyond", (), int(message["sheets_beyond"])))
        else:
            self.done = message["done"] is True

    def _begin(self, message: dict[str, Any]) -> None:
        if len(self.sheets) >= self.limits.sheets:
            raise ValueError("too many sheets")
        self.name, self.hidden, self.rows = str(message["sheet"] or ""), message["hidden"] is True, []
        self.progress.step(_("Reading {name}").format(name=self.name), total=int(message["expected"]) or None)

    def _take_rows(self, rows: list[Row]) -> None:
        if self.rows is None or len(self.rows) + len(rows) > self.limits.rows:
            raise ValueError("too many rows")
        once = self.known.setdefault
        for row in rows:
            if type(row) is not list or len(row) > self.limits.columns or not _CELL_TYPES.issuperset(map(type, row)):
                raise ValueError("not a row")
            self.cells += len(row)
            row[:] = [once(cell, cell) if type(cell) is str else cell for cell in row]
        if len(self.known) > _MOST_KNOWN:
            self.known.clear()
        if self.cells > self.limits.cells:
            raise Refused("too_large")
        self.rows.extend(rows)
        self.progress.advance(len(rows))
        if self.first_rows is not None and len(self.rows) >= ENOUGH_TO_SHOW:
            self._show()

    def _show(self) -> None:
        """Hand out what has come so far, once."""
        show, self.first_rows = self.first_rows, None
        if show is not None:
            shown = Sheet(self.name, list(self.rows or ()), self.hidden)
            show(Workbook(Path(self.name), self.kind, (*self.sheets, shown), encoding=self.encoding))

    def _end(self, facts: dict[str, Any], notes: list[dict[str, Any]]) -> None:
        rows = self.rows or []
        while rows and not rows[-1]:
            rows.pop()
        self.rows = None
        hidden_rows = frozenset(int(row) for row in facts.get("hidden_rows", ()) if int(row) < len(rows))
        width = max(map(len, rows), default=0)
        hidden_columns = frozenset(int(at) for at in facts.get("hidden_columns", ()) if int(at) < width)
        told = [self._note(str(n["code"]), tuple(map(str, n["cells"])), int(n["count"])) for n in notes]
        if self.hidden and rows:
            told.append(self._note("hidden_sheet", (), 1))
        if hidden_rows:
            told.append(self._note("hidden_rows", spans(hidden_rows, lambda row: str(row + 1)), len(hidden_rows)))
        if hidden_columns:
            told.append(self._note("hidden_columns", spans(hidden_columns, column_letters), len(hidden_columns)))
        self.sheets.append(
            Sheet(
                name=self.name,
                rows=rows,
                hidden=self.hidden,
                hidden_rows=hidden_rows,
                hidden_columns=hidden_columns,
                merged=tuple(Merged(*map(int, ends)) for ends in facts.get("merged", ())),
                first_row=next((index for index, row in enumerate(rows) if row), 0),
                notes=tuple(told),
            )
        )

    def _note(self, code: str, cells: tuple[str, ...], count: int) -> Note:
        return note(code, self.name, cells, count, self.limits.columns, self.limits.rows)

    def workbook(self, path: Path, digest: str) -> Workbook:
        """The workbook once all has come. Raises Refused where the answer is incomplete or nothing is filled."""
        if not self.done or self.rows is not None or not self.kind:
            raise Refused("damaged")
        if not any(sheet.rows for sheet in self.sheets):
            raise Refused("empty_sheets")
        if len(self.sheets) == 1 and not self.sheets[0].name:
            self.sheets = [dataclasses.replace(self.sheets[0], name=path.stem)]
        return Workbook(
            path,
            self.kind,
            tuple(self.sheets),
            tuple(self.notes),
            digest,
            self.encoding,
            self.delimiter,
            self.encodings,
        )
