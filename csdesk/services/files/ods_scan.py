"""What the reader does not tell about an OpenDocument sheet: hidden rows and columns, merged ranges."""

from __future__ import annotations

from xml.parsers import expat

from csdesk.services.files.limits import Limits
from csdesk.services.files.sheet_scan import SheetFacts


class _Content:
    """Follows table, table-column, table-row, table-cell; counts repeated ones."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.found: dict[str, SheetFacts] = {}
        self.facts = SheetFacts()
        self.row = self.next_row = self.column = self.next_column = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if not name.startswith("table") and name != "covered-table-cell":
            return
        here = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "table":
            self.facts = self.found[here.get("name", "")] = SheetFacts()
            self.next_row = self.next_column = 0
        elif name == "table-column":
            self.column, self.next_column = (
                self.next_column,
                self.next_column + _number(here, "number-columns-repeated"),
            )
            if here.get("visibility", "visible") != "visible":
                last = min(self.next_column, self.limits.columns)
                self.facts.hidden_columns.extend(range(self.column, last))
        elif name == "table-row":
            self.row, self.next_row = self.next_row, self.next_row + _number(here, "number-rows-repeated")
            self.next_column = 0
            if here.get("visibility", "visible") != "visible":
                self.facts.hidden_rows.extend(range(self.row, min(self.next_row, self.limits.rows)))
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(here)

    def _cell(self, here: dict[str, str]) -> None:
        column, self.next_column = self.next_column, self.next_column + _number(here, "number-columns-repeated")
        across, down = _number(here, "number-columns-spanned"), _number(here, "number-rows-spanned")
        if (across > 1 or down > 1) and len(self.facts.merged) < self.limits.merged:
            bottom, right = min(self.row + down, self.limits.rows) - 1, min(column + across, self.limits.columns) - 1
            if self.row <= bottom and column <= right:
                self.facts.merged.append((self.row, column, bottom, right))


def _number(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    return int(value) if value.isdecimal() and 0 < len(value) < 9 else 1


def scan_ods(content: bytes, limits: Limits) -> dict[str, SheetFacts]:
    """The facts of each sheet by name, from content.xml. What stands behind a break in the file is not told."""
    reader = _Content(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        return {}
    return reader.found
