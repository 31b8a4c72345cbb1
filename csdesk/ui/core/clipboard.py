"""Rows on the clipboard: tab-separated text for everything, an HTML table for spreadsheets and mails.

A text from a file must not become a formula where it is pasted: what begins like one gets an apostrophe before it in the
text, and a text format in the table. Numbers stay numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QMimeData, QStringListModel
from PySide6.QtGui import QGuiApplication

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
Rows = Sequence[Sequence[str]]


def copy_rows(rows: Rows, numeric: Sequence[bool]) -> None:
    """Put rows on the clipboard; ``numeric`` says of each column whether its texts are numbers."""
    data = _of_qt()
    data.setText(tab_separated(rows))
    data.setHtml(html_table(rows, numeric))
    QGuiApplication.clipboard().setMimeData(data)


def tab_separated(rows: Rows) -> str:
    """One line a row; a cell with tab, line break or quote stands in quotes."""
    return "\r\n".join("\t".join(_quoted(harmless(cell)) for cell in row) for row in rows)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text) else text


def html_table(rows: Rows, numeric: Sequence[bool]) -> str:
    """The rows as a table; every text escaped and marked as text for Excel."""
    lines = []
    for row in rows:
        cells = [_cell(text, is_number) for text, is_number in zip(row, numeric, strict=True)]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


def _of_qt() -> QMimeData:
    """Empty data that Qt has made.

    A clipboard may outlive the interpreter, and what Python has made cannot be destroyed then: the process would crash.
    """
    model = QStringListModel([""])
    data: QMimeData = model.mimeData([model.index(0)])
    data.clear()
    return data


def _cell(text: str, is_number: bool) -> str:
    shown = escape(text).replace("\n", "<br>")
    if is_number and NUMBER.fullmatch(text):
        return f"<td>{shown}</td>"
    return f"<td style=\"mso-number-format:'\\@'\">{shown}</td>"


def _quoted(text: str) -> str:
    if any(sign in text for sign in '\t\n\r"'):
        return '"' + text.replace('"', '""') + '"'
    return text
