"""Tables for other programs: workbooks, text files, the clipboard. A text stays a text, whatever it begins with."""

from __future__ import annotations

import contextlib
import csv
import datetime
import html
import io
import math
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from csdesk.services.core.columns import Kind
from csdesk.services.core.errors import StorageError
from csdesk.services.core.faults import point
from csdesk.services.core.storage_errors import file_error

Value = str | bool | int | float | Decimal | datetime.date | datetime.datetime | datetime.time | None
"""What a cell can hold. Aware moments are written in the machine's own time; ids too long for a number as texts."""

ANSWER_GROUND, ANSWER_HEAD = "#FFF7DB", "#F6DE8D"
GIVEN_GROUND, GIVEN_INK, EDGE = "#F3F4F6", "#3D4650", "#CDD3DA"
LONGEST_TEXT = 32_767
_LINE, _MOST_LINES = 15.5, 14
"""The height of a line in points; a row that would be higher than so many lines is cut."""
_EXACT = 10**15
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORMULA_STARTS = "=+-@＝＋－＠"
_NUMBER_OR_PHONE = re.compile(r"[+-]?[0-9][0-9 ,.()\-]*%?")
_FORMATS = {
    Kind.MONEY: "#,##0.00",
    Kind.DAY: "yyyy-mm-dd",
    Kind.ENDS: "yyyy-mm-dd",
    Kind.LAST_CONTACT: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of an outgoing table: its title in the reader's language, kind, width in characters.

    ``wraps`` breaks long texts into lines; ``answers`` shows by its ground that the cells are there to be filled in,
    ``given`` that they are not; ``hidden`` columns stand in the file, but Excel does not show them. ``choices`` are offered
    as a list and nothing else is taken; a day to be filled in before ``earliest`` is warned of. ``key`` names the column
    for programs, in a hidden row above the headings.
    """

    title: str
    kind: Kind = Kind.TEXT
    width: float = 14
    wraps: bool = False
    answers: bool = False
    hidden: bool = False
    given: bool = False
    choices: tuple[str, ...] = ()
    earliest: datetime.date | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class OutSheet:
    """One sheet to write. Rows may come from a generator; they are written as they come.

    ``note`` is one line above the headings; ``frozen`` columns at the left stay in sight, as the headings do; on
    paper such a wide sheet takes the width of one page.
    """

    title: str
    columns: Sequence[Heading]
    rows: Iterable[Sequence[Value]] = field(default=())
    note: str = ""
    frozen: int = 0


def write_workbook(path: Path, sheets: Sequence[OutSheet]) -> None:
    """Write an .xlsx whole or not at all; a file already there stays until the new one is complete.

    Raises StorageError where the disk does not let us.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxFileError

    with replaced(path) as temporary:
        book = xlsxwriter.Workbook(
            str(temporary),
            {
                "constant_memory": True,
                "tmpdir": str(temporary.parent),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": True,
            },
        )
        taken: set[str] = set()
        try:
            for sheet in sheets or (OutSheet("", ()),):
                _write_sheet(book, sheet, sheet_name(sheet.title, taken))
            book.close()
        except XlsxFileError as error:
            raise _os_error(error) from error
        finally:
            _forget(book)


def _os_error(error: Exception) -> OSError:
    """The system's own error inside the writer's."""
    inner = error.args[0] if error.args and isinstance(error.args[0], OSError) else error.__context__
    return inner if isinstance(inner, OSError) else OSError(str(error))


def _forget(book: Any) -> None:
    """Remove what a broken-off writer leaves beside the target: one file a sheet."""
    for sheet in book.worksheets():
        handle = getattr(sheet, "row_data_fh", None)
        with contextlib.suppress(OSError, ValueError):
            if handle is not None and not handle.closed:
                handle.close()
        name = getattr(sheet, "row_data_filename", "")
        if name:
            Path(name).unlink(missing_ok=True)


def _write_sheet(book: Any, sheet: OutSheet, name: str) -> None:
    page = book.add_worksheet(name)
    formats = {kind: book.add_format({"num_format": shape}) for kind, shape in _FORMATS.items()}
    formats[Kind.TEXT] = book.add_format({"num_format": "@"})
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, max(4.0, min(80.0, column.width)), None, {"hidden": column.hidden})
    head = _write_head(book, page, sheet)
    kinds = [column.kind for column in sheet.columns]
    dresses = _dresses(book, sheet.columns)
    last = head
    for last, row in enumerate(sheet.rows, start=head + 1):
        if sheet.frozen:
            page.set_row(last, _LINE * _lines(row, sheet.columns))
        for index, value in enumerate(row):
            if index in dresses and (value is None or value == ""):
                page.write_blank(last, index, None, dresses[index])
            elif index in dresses and isinstance(value, str):
                page.write_string(last, index, excel_text(value), dresses[index])
            else:
                kind = kinds[index] if index < len(kinds) else Kind.TEXT
                _write_cell(page, last, index, value, kind, formats, dresses.get(index))
    if sheet.columns:
        page.autofilter(head, 0, last, len(sheet.columns) - 1)
    if last > head:
        _offer_choices(page, sheet.columns, head + 1, last)


def _write_head(book: Any, page: Any, sheet: OutSheet) -> int:
    """The hidden row of keys, the note, the headings; returns the row of the headings."""
    row = 0
    if any(column.key for column in sheet.columns):
        page.set_row(row, None, None, {"hidden": True})
        for index, column in enumerate(sheet.columns):
            page.write_string(row, index, column.key)
        row += 1
    if sheet.note:
        first = next((index for index, column in enumerate(sheet.columns) if not column.hidden), 0)
        page.write_string(row, first, excel_text(sheet.note), book.add_format({"italic": True, "num_format": "@"}))
        row += 1
    plain = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "num_format": "@"}
    if sheet.frozen:
        page.set_row(row, _LINE * _lines([column.title for column in sheet.columns], sheet.columns, least=1))
    head, asked = book.add_format(plain), book.add_format({**plain, "bg_color": ANSWER_HEAD})
    apart = any(column.choices or column.key for column in sheet.columns)
    for index, column in enumerate(sheet.columns):
        page.write_string(row, index, excel_text(column.title), asked if apart and column.answers else head)
    if sheet.columns:
        page.freeze_panes(row + 1, sheet.frozen)
    if sheet.frozen:
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(row)
    return row


def _lines(row: Sequence[Value], columns: Sequence[Heading], least: int = 2) -> int:
    """How many lines the longest text of a row takes, as far as can be told without its font.

    Some programs do not fit the height of rows to their texts by themselves.
    """
    most = least
    for value, column in zip(row, columns, strict=False):
        if isinstance(value, str) and not column.hidden and (column.wraps or least == 1):
            lines = sum(max(1, math.ceil(_width(line) / column.width)) for line in value.splitlines())
            most = max(most, lines)
    return min(most, _MOST_LINES)


def _width(text: str) -> int:
    """The width of a text in narrow letters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text) + 1


def _offer_choices(page: Any, columns: Sequence[Heading], first: int, last: int) -> None:
    """Lists and the earliest day for the cells to be filled in."""
    for index, column in enumerate(columns):
        if column.choices:
            page.data_validation(first, index, last, index, {"validate": "list", "source": list(column.choices)})
        elif column.earliest is not None:
            rule = {"validate": "date", "criteria": ">=", "value": column.earliest, "error_type": "warning"}
            page.data_validation(first, index, last, index, rule)


def _dresses(book: Any, columns: Sequence[Heading]) -> dict[int, Any]:
    """The formats of the columns whose texts break into lines, are there to be filled in, or are not."""
    dresses, edge = {}, {"border": 1, "border_color": EDGE}
    for index, column in enumerate(columns):
        if column.wraps or column.answers or column.given:
            look = {"num_format": _FORMATS.get(column.kind, "@"), "text_wrap": column.wraps, "valign": "top"}
            if column.kind is Kind.NUMBER:
                look["num_format"] = "General"
            look |= {"bg_color": ANSWER_GROUND, **edge} if column.answers else {}
            look |= {"bg_color": GIVEN_GROUND, "font_color": GIVEN_INK, **edge} if column.given else {}
            dresses[index] = book.add_format(look)
    return dresses


def _write_cell(
    page: Any, row: int, column: int, value: Value, kind: Kind, formats: dict[Kind, Any], dress: Any = None
) -> None:
    """Write one value; ``dress`` goes before the format of its kind."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        page.write_string(row, column, excel_text(value), dress or formats[Kind.TEXT])
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, dress)
    elif isinstance(value, (int, float, Decimal)):
        if isinstance(value, int) and abs(value) >= _EXACT:
            page.write_string(row, column, str(value), dress or formats[Kind.TEXT])
        else:
            money = kind == Kind.MONEY or isinstance(value, Decimal)
            page.write_number(row, column, value, dress or (formats[Kind.MONEY] if money else None))
    elif isinstance(value, datetime.time):
        page.write_string(row, column, value.isoformat("minutes"), dress or formats[Kind.TEXT])
    elif value.year < 1900:
        page.write_string(row, column, value.isoformat(), dress or formats[Kind.TEXT])
    elif isinstance(value, datetime.datetime):
        page.write_datetime(row, column, local_moment(value), dress or formats[Kind.MOMENT])
    else:
        page.write_datetime(row, column, datetime.datetime.combine(value, datetime.time()), dress or formats[Kind.DAY])


def local_moment(moment: datetime.datetime) -> datetime.datetime:
    """The moment as the machine's clock shows it, without a zone; one without a zone is left as it is."""
    return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment


def excel_text(text: str) -> str:
    """The text as a cell can hold it: without illegal characters, within Excel's 32,767 UTF-16 units."""
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 <= LONGEST_TEXT or len(text.encode("utf-16-le")) <= 2 * LONGEST_TEXT:
        return text
    return text.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")


def sheet_name(title: str, taken: set[str]) -> str:
    """A name for a sheet that Excel accepts, unlike those taken (folded to lower case); it is added to them."""
    name = _FORBIDDEN_IN_NAMES.sub(" ", _ILLEGAL.sub("", title)).strip().strip("'").strip()[:31].strip()
    if not name or name.casefold() == "history":
        name = f"Sheet {name}".strip()
    base, number = name, 1
    while name.casefold() in taken:
        number += 1
        end = f" ({number})"
        name = base[: 31 - len(end)] + end
    taken.add(name.casefold())
    return name


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A new file beside `path` that takes its place when the block ends well and vanishes when it does not.

    Raises StorageError where the system refuses.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=path.suffix + ".part", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        if os.name == "posix":
            mask = os.umask(0)
            os.umask(mask)
            temporary.chmod(0o666 & ~mask)
        point("export.written")
        os.replace(temporary, path)
    except StorageError:
        raise
    except OSError as error:
        raise file_error(error, path) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def plain_text(value: Value) -> str:
    """A value in a text table: ISO dates, amounts without grouping, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return local_moment(value).isoformat(" ", "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    if isinstance(value, Decimal):
        return format(value, "f")
    return _ILLEGAL.sub("", value) if isinstance(value, str) else str(value)


def harmless(value: Value) -> str:
    """The value as `plain_text`, with ' before a text that a spreadsheet would take for a formula. Phones stay as they are."""
    text = plain_text(value)
    if not isinstance(value, str):
        return text
    bare = text.lstrip(" \u3000\u00a0\ufeff")
    risky = bare[:1] in ("\t", "\r", "\n") or (bare[:1] and bare[0] in _FORMULA_STARTS)
    return f"'{text}" if risky and not _NUMBER_OR_PHONE.fullmatch(bare.strip()) else text


def write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write a text table that Excel opens rightly: UTF-8 with a mark, CRLF, commas, no live formulas.

    Raises StorageError where the disk does not let us; a file already there then stays.
    """
    with replaced(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(title) for title in headers])
        writer.writerows([harmless(value) for value in row] for row in rows)


def tsv_and_html(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> tuple[str, str]:
    """The table for the clipboard: tab-separated with quotes where needed, and as an escaped HTML table."""
    table = [[harmless(value) for value in row] for row in rows]
    titles = [harmless(title) for title in headers]
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, dialect="excel-tab")
    if titles:
        writer.writerow(titles)
    writer.writerows(table)
    body = "".join("<tr>" + "".join(f"<td>{_escaped(cell)}</td>" for cell in row) + "</tr>" for row in table)
    head = "<tr>" + "".join(f"<th>{_escaped(title)}</th>" for title in titles) + "</tr>" if titles else ""
    return lines.getvalue(), f'<meta charset="utf-8"><table>{head}{body}</table>'


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
