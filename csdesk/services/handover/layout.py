"""Where in a workbook the tables and forms stand.

Pure: sheets of plain values in, ``Table`` out. Nothing is judged here, and every row below a heading is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from csdesk.services.handover import headings
from csdesk.services.handover.bands import side_by_side
from csdesk.services.handover.fields import JOINS, NAME
from csdesk.services.handover.forms import find_forms
from csdesk.services.handover.tables import Grid, Layout, Sheet, Table, is_filled
from csdesk.services.handover.values import Cell

NEAR, FAR = 60, 2000
"""A heading is looked for in so many rows, and only where there is none in that many."""
ENOUGH = 2
"""So many known headings make a heading row."""
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]*(_+[A-Za-z0-9]+)+")


def find_tables(sheets: Iterable[Sheet], header_rows: Mapping[str, int] | None = None) -> list[Table]:
    """All tables and forms of a workbook in their order; several that name the same things are marked as linked.

    ``header_rows``: sheet → the Excel row that holds its headings, where the user said so.
    """
    found: list[Table] = []
    for sheet in sheets:
        if sheet.rows:
            told = (header_rows or {}).get(sheet.name, 0)
            if 0 < told <= len(sheet.rows):
                found.extend(_tables_below(sheet, told - 1))
                continue
            for part in side_by_side(sheet):
                found.extend(_tables_of(part))
    keyed = [table for table in found if table.layout is Layout.TABLE and _keys(table)]
    if len({table.sheet for table in keyed}) > 1 and len({frozenset(table.headings) for table in keyed}) > 1:
        for table in keyed:
            table.layout = Layout.LINKED
    return found


def _tables_below(sheet: Sheet, header: int) -> list[Table]:
    """The one table whose headings stand in this row."""
    rows = _filled_down(sheet.rows, sheet.merged, header)
    return [_table(sheet, rows, header, len(rows))] if any(is_filled(cell) for cell in rows[header]) else []


def _keys(table: Table) -> bool:
    return any((found := headings.meaning(heading)) and found.field in JOINS for heading in table.headings)


def _tables_of(sheet: Sheet) -> list[Table]:
    best, hits = _heading_row(sheet.rows, 0)
    if hits < 8:
        named = best is not None and NAME in known_cells(sheet.rows[best]).values()
        forms = find_forms(sheet.name, sheet.rows, hits if named else 0)
        if forms:
            return forms
    tables: list[Table] = []
    rows = _filled_down(sheet.rows, sheet.merged, best)
    while best is not None:
        best = _lower_level(rows, best, sheet.merged)
        following = _next_heading(rows, best)
        tables.append(_table(sheet, rows, best, len(rows) if following is None else following))
        best = following
    return tables


def known_cells(row: Sequence[Cell]) -> dict[int, str]:
    """Column → field of the cells of a row that the tables of headings know."""
    found = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str) and len(cell) <= 60:
            meaning = headings.meaning(cell)
            if meaning:
                found[column] = meaning.field
    return found


def _heading_row(rows: Grid, start: int) -> tuple[int | None, int]:
    """The first heading row and how many different things it names; a better one right below outranks it."""
    best, most = _best_heading(rows, start, start + NEAR)
    if best is None:
        return _best_heading(rows, start + NEAR, start + FAR)
    first, fewer = _best_heading(rows, start, best - 2, first=True)
    return (first, fewer) if first is not None and _has_rows(rows, first, best) else (best, most)


def _best_heading(rows: Grid, start: int, end: int, *, first: bool = False) -> tuple[int | None, int]:
    best, most = None, 0
    for index in range(start, min(len(rows), end)):
        known = known_cells(rows[index])
        different = len(set(known.values()))
        if different <= most:
            continue
        texts = sum(isinstance(cell, str) and bool(cell) for cell in rows[index])
        filled = sum(is_filled(cell) for cell in rows[index])
        named = NAME in known.values()
        if first and not (named and different * 10 >= filled * 7 and different >= ENOUGH):
            continue
        if (different >= ENOUGH or (different == 1 and named and filled >= 2)) and texts * 10 >= filled * 7:
            best, most = index, different
            if first:
                break
    return best, most


def _has_rows(rows: Grid, header: int, end: int) -> bool:
    """Whether a heading has values below it, and no labels with values behind them as in a form."""
    if len(known_cells(rows[header])) < 3 or header + 1 >= end:
        return False
    below = rows[header + 1]
    return sum(map(is_filled, below)) >= 2 and not known_cells(below)


def _lower_level(rows: Grid, header: int, merged: Sequence[tuple[int, int, int, int]]) -> int:
    """The lower row of a two-level heading where the upper one was found: its gaps are filled from above, in ``rows``."""
    if header + 2 > len(rows) - 1:
        return header
    upper, lower = rows[header], rows[header + 1]
    texts = {column: cell for column, cell in enumerate(lower) if is_filled(cell)}
    if len(texts) < 2 or not all(isinstance(cell, str) and len(cell) <= 20 for cell in texts.values()):
        return header
    wide = {column for top, left, _bottom, right in merged if top == header for column in range(left + 1, right + 1)}
    open_above = [column for column in texts if column >= len(upper) or not is_filled(upper[column]) or column in wide]
    groups = _carried(rows, header, len(lower), merged)
    known = [
        column for column, cell in texts.items() if headings.meaning(str(cell)) or headings.meaning(groups.get(column, "") + str(cell))
    ]  # fmt: skip
    if not open_above or len(known) * 10 < len(texts) * 6:
        return header
    width = max(len(upper), len(lower))
    whole: list[Cell] = [None] * width
    for column in range(width):
        above = upper[column] if column < len(upper) else None
        whole[column] = texts.get(column, above)
    rows[header + 1] = whole
    return header + 1


def _next_heading(rows: Grid, current: int) -> int | None:
    """A further heading row below: three known headings among its first cells, told by a look into a set."""
    aliases = headings.aliases()
    own = [cell for cell in rows[current] if is_filled(cell)]
    for index in range(current + 1, len(rows)):
        row = rows[index]
        seen = 0
        for cell in row[:6]:
            if isinstance(cell, str) and 0 < len(cell) < 24 and _as_heading(cell, aliases):
                seen += 1
            elif is_filled(cell):
                break
            if seen >= 2:
                break
        if seen < 2 or index <= current + 2 or len(set(known_cells(row).values())) < 3:
            continue
        if [cell for cell in row if is_filled(cell)] != own:
            return index
    return None


def _as_heading(cell: str, aliases: dict[str, str]) -> bool:
    return cell in aliases or cell.casefold() in aliases


def _filled_down(rows: Grid, merged: Sequence[tuple[int, int, int, int]], header: int | None) -> Grid:
    """The rows with the value of each vertical merge repeated below itself; ranges end where the values end."""
    tall = [area for area in merged if area[2] > area[0] and header is not None and area[2] >= header]
    filled = list(rows)
    for top, left, bottom, _right in tall:
        if top >= len(filled) or left >= len(filled[top]):
            continue
        for index in range(top + 1, min(bottom, len(filled) - 1) + 1):
            if left < len(filled[index]):
                row = list(filled[index])
                row[left] = filled[top][left]
                filled[index] = row
    return filled


def _table(sheet: Sheet, rows: Grid, header: int, end: int) -> Table:
    own = _whole_heading(sheet, rows, header)
    columns = [column for column, cell in enumerate(own) if is_filled(cell)]
    groups = _group_labels(sheet, rows, header)
    first = header + 1
    dropped = []
    while first < min(end, header + 5) and (_says_how(rows[first], own) or _repeats(rows[first])):
        dropped.append(first + 1)
        first += 1
    numbers = [index + 1 for index in range(first, end) if any(is_filled(cell) for cell in rows[index])]
    return Table(
        sheet.name,
        Layout.TABLE,
        header + 1,
        [str(own[column]) for column in columns],
        columns,
        [rows[number - 1] for number in numbers],
        numbers,
        parents=[groups.get(column, "") for column in columns],
        dropped=dropped,
    )


def _whole_heading(sheet: Sheet, rows: Grid, header: int) -> list[Cell]:
    """The heading row; where the upper level names a column that the lower one leaves open, that name."""
    own = list(rows[header])
    if header == 0 or not _group_labels(sheet, rows, header):
        return own
    above = rows[header - 1]
    own += [None] * (len(above) - len(own))
    for column, cell in enumerate(above):
        if isinstance(cell, str) and not is_filled(own[column]) and headings.meaning(cell):
            own[column] = cell
    return own


def _group_labels(sheet: Sheet, rows: Grid, header: int) -> dict[int, str]:
    """The upper levels of a heading: what stands above, carried to the right inside its merge; the highest comes first."""
    found: dict[int, str] = {}
    for level in (header - 1, header - 2):
        carried = _carried(rows, level, len(rows[header]), sheet.merged) if level >= 0 else {}
        if not carried:
            break
        found = {
            column: "\n".join(filter(None, (carried.get(column, ""), found.get(column, ""))))
            for column in {**carried, **found}
        }
    return found


def _carried(rows: Grid, level: int, width: int, merged: Sequence[tuple[int, int, int, int]]) -> dict[int, str]:
    above = rows[level]
    labels = [
        column for column, cell in enumerate(above) if isinstance(cell, str) and is_filled(cell) and len(cell) <= 20
    ]
    if len(labels) < 2 or any(is_filled(cell) and not isinstance(cell, str) for cell in above):
        return {}
    reach = {left: right for top, left, _bottom, right in merged if top == level}
    ends = [*labels[1:], width]
    found = {}
    for column, following in zip(labels, ends, strict=True):
        for inside in range(column, min(reach.get(column, following - 1), width - 1) + 1):
            found[inside] = str(above[column])
    return found


def _says_how(row: Sequence[Cell], heading: Sequence[Cell]) -> bool:
    """Whether a row below the heading tells how to fill it in, or gives an example."""
    texts = [headings.normal(cell) for cell in row if isinstance(cell, str) and cell.strip()]
    if not texts or sum(is_filled(cell) for cell in row) > len(texts) + 1:
        return False
    marks = {headings.normal(word) for word in headings.word_set("instructions")}
    examples = tuple(headings.normal(word) for word in headings.word_set("examples"))
    if texts[0].startswith(examples) and len(texts[0]) < 12:
        return True
    telling = sum(
        text in marks or any(mark in text for mark in marks if len(mark) > 1 and len(text) < 16) for text in texts
    )
    return telling * 10 >= len(texts) * 6


def _repeats(row: Sequence[Cell]) -> bool:
    """Whether a row is a second set of headings, such as field codes."""
    filled = sum(is_filled(cell) for cell in row)
    codes = sum(isinstance(cell, str) and bool(_CODE.fullmatch(cell)) for cell in row)
    return filled >= 3 and max(len(known_cells(row)), codes) * 10 >= filled * 6
