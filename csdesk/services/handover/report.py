"""What an import did, or would do: for the review page and for ``import-handover --json`` alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from csdesk.models.vocabulary import Confidence, Fate
from csdesk.services.handover.findings import Finding
from csdesk.services.handover.mapping import Match
from csdesk.services.handover.matching import Candidate


@dataclass(frozen=True)
class SheetRead:
    """One table or form that was read."""

    name: str
    layout: str
    header_row: int
    matches: tuple[Match, ...]
    rows: int

    @property
    def mapping(self) -> dict[str, str]:
        """Heading → field, of the columns that are imported."""
        return {match.heading: match.used for match in self.matches if match.used}


@dataclass(frozen=True)
class CellChange:
    """An existing value that the file changes; ``field`` as in the mapping, ``cell`` without the sheet."""

    entity: str
    field: str
    sheet: str
    cell: str
    old: Any
    new: Any


class CompanyRead(NamedTuple):
    """One account of the file: where it stands, what becomes of it, why it was matched, what changes."""

    name: str
    account_id: int | None
    fate: Fate
    sheet: str
    row: int
    matched_by: str = ""
    """id, name, tax_number, decision, or "" for a new one."""
    candidates: tuple[Candidate, ...] = ()
    """Who it may be, the surest first; weak ones are a hint."""
    facts: Mapping[str, str] | None = None
    """What the file says of it, by the field's name; where there are candidates."""
    changes: tuple[CellChange, ...] = ()
    contacts: int = 0
    contracts: int = 0
    rows: tuple[tuple[str, int], ...] = ()
    """All its rows: sheet, Excel row."""

    @property
    def likely(self) -> tuple[Candidate, ...]:
        """The candidates about whom the user is asked."""
        return tuple(one for one in self.candidates if one.confidence != Confidence.WEAK)

    @property
    def candidate(self) -> tuple[int, str] | None:
        """The surest account that may be the same one, id and name; None where there are hints at most."""
        return next(((one.account_id, one.name) for one in self.likely if one.account_id is not None), None)


@dataclass(frozen=True)
class OpenDays:
    """A column whose days can be read in two orders, and nothing in it says which; with some of them."""

    sheet: str
    heading: str
    samples: tuple[str, ...]


class RowRead(NamedTuple):
    """What became of one row of the file."""

    sheet: str
    row: int
    fate: Fate
    name: str


@dataclass(frozen=True)
class ImportReport:
    """The whole result. ``rows`` counts by fate; read is their sum."""

    file: str
    sheets: tuple[SheetRead, ...]
    rows: Mapping[Fate, int]
    created: Mapping[str, int]
    updated: Mapping[str, int]
    unchanged: Mapping[str, int]
    findings: tuple[Finding, ...]
    companies: Sequence[CompanyRead]
    row_fates: Sequence[RowRead] = ()
    unread_sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    import_id: int | None = None
    seen_before: str = ""
    """When the same file was imported already: the moment, ISO."""
    open_days: tuple[OpenDays, ...] = ()

    @property
    def read(self) -> int:
        """All rows read."""
        return sum(self.rows.values())

    @property
    def refused(self) -> int:
        """Rows kept out."""
        return self.rows.get(Fate.REFUSED, 0)


def as_json(report: ImportReport) -> dict[str, Any]:
    """The document that ``import-handover --json`` prints for one file."""
    return {
        "file": report.file,
        "sheets": [
            {"name": sheet.name, "layout": sheet.layout, "header_row": sheet.header_row, "mapping": sheet.mapping}
            for sheet in report.sheets
        ],
        "rows": {"read": report.read} | {fate.value: report.rows.get(fate, 0) for fate in Fate},
        "created": dict(report.created),
        "updated": dict(report.updated),
        "unchanged": dict(report.unchanged),
        "rejected": [
            {
                "sheet": finding.sheet, "row": finding.row, "column": finding.column, "value": finding.value,
                "severity": finding.severity.value, "code": finding.code, "message": finding.message,
            }
            for finding in report.findings
        ],
    }  # fmt: skip
