"""The lines of a review's tabs. Keys: ("company", name), ("change", company, number), ("finding", n), ("row", sheet, row)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import Fate
from csdesk.services.core import formats
from csdesk.services.core.errors import Severity
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.lines import Badge, Line

if TYPE_CHECKING:
    from csdesk.services.handover.report import CellChange, CompanyRead, ImportReport

MOST = 5_000


def sections(report: ImportReport) -> dict[Any, int]:
    """How many lines each tab holds; companies by fate, skipped and refused by row."""
    counts: dict[Any, int] = dict.fromkeys(Fate, 0)
    for company in report.companies:
        if company.fate in (Fate.NEW, Fate.UPDATED, Fate.SAME, Fate.UNDECIDED):
            counts[company.fate] += 1
    for fate in (Fate.SKIPPED, Fate.REFUSED):
        counts[fate] = report.rows.get(fate, 0)
    counts["findings"] = sum(1 for finding in report.findings if finding.severity == Severity.WARNING)
    return counts


def lines_for(report: ImportReport, key: Any) -> list[Line]:
    """The lines of a tab, at most some thousands."""
    if key == "findings":
        return _findings(report, Severity.WARNING)
    if key == Fate.REFUSED:
        return _findings(report, Severity.ERROR)
    if key == Fate.SKIPPED:
        return [
            Line(("row", row.sheet, row.row), row.name or _("(no name)"), left=_row(row.row), bold=False)
            for row in report.row_fates
            if row.fate == Fate.SKIPPED
        ][:MOST]
    lines: list[Line] = []
    for company in report.companies:
        if company.fate == key:
            lines += _company(company)
        if len(lines) > MOST:
            break
    return lines


def _company(company: CompanyRead) -> list[Line]:
    parts = []
    if company.contacts:
        parts.append(ngettext("{n} contact", "{n} contacts", company.contacts).format(n=company.contacts))
    if company.contracts:
        parts.append(ngettext("{n} contract", "{n} contracts", company.contracts).format(n=company.contracts))
    if company.fate == Fate.UNDECIDED and company.candidate is not None:
        parts.insert(0, _("may be “{name}”").format(name=company.candidate[1]))
    if company.fate == Fate.UPDATED:
        count = len(company.changes)
        parts.append(ngettext("{n} cell changes", "{n} cells change", count).format(n=count))
    badge = (Badge(_("decide"), "warn"),) if company.fate == Fate.UNDECIDED else ()
    head = Line(("company", company.name), company.name, " \u00b7 ".join(parts), left=_row(company.row), badges=badge)
    changes = [_change(company, number, change) for number, change in enumerate(company.changes)]
    return [head, *changes] if company.fate == Fate.UPDATED else [head]


def _change(company: CompanyRead, number: int, change: CellChange) -> Line:
    return Line(
        ("change", company.name, number),
        f"{field_words(change.entity, change.field)}: {shown(change.old)} \u2192 {shown(change.new)}",
        left=change.cell,
        bold=False,
    )


def field_words(entity: str, field: str) -> str:
    """Contract · Amount."""
    from csdesk.services.handover.fields import FIELDS, GROUPS

    group = entity.rstrip("s") if entity.rstrip("s") in GROUPS else entity
    known = FIELDS.get(f"{group}.{field}") or FIELDS.get(field)
    return f"{_(GROUPS.get(group, entity))} \u00b7 {_(known.title) if known else field}"


def shown(value: Any) -> str:
    """A value of the store or the file for people."""
    if value is None or value == "":
        return _("(empty)")
    if isinstance(value, Decimal):
        return formats.money(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _findings(report: ImportReport, severity: Severity) -> list[Line]:
    return [
        Line(
            ("finding", place),
            f"{finding.column}: {finding.value}" if finding.value else finding.column or finding.message,
            finding.message,
            left=finding.cell or _row(finding.row),
            bold=False,
            right_badge=Badge(_("left empty"), "warn")
            if severity == Severity.WARNING
            else Badge(_("not imported"), "bad"),
        )
        for place, finding in enumerate(report.findings)
        if finding.severity == severity
    ][:MOST]


def _row(number: int) -> str:
    return _("row {n}").format(n=number)
