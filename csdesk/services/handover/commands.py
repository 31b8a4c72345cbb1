"""Taking a handover workbook in: one unit of work, one change, one undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from csdesk.models.base import new_id
from csdesk.models.handover import Import, ImportMapping
from csdesk.models.settings import Setting
from csdesk.models.vocabulary import StepKind
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.faults import point
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.handover import headings
from csdesk.services.handover.collector import silenced
from csdesk.services.handover.findings import Finding, Judged
from csdesk.services.handover.gathering import Company, Gathered, gather
from csdesk.services.handover.headings import How
from csdesk.services.handover.mapping import Match, as_mapping
from csdesk.services.handover.matching import Hit, match_accounts
from csdesk.services.handover.outcome import told
from csdesk.services.handover.recipe import Recipe
from csdesk.services.handover.report import ImportReport
from csdesk.services.handover.rules import AS_IT_STANDS, core_key, judge, linked_names
from csdesk.services.handover.tables import Table
from csdesk.services.handover.writing import Policy, Writer, elsewhere, load_existing

REMEMBERED = "accounts"
"""The fingerprint under which the answers same or different are kept, for all files."""
KEPT_FINDINGS = 2000


@dataclass(frozen=True)
class SourceFile:
    """The file as it is known later: its name, its hash, its size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class ImportHandover:
    """A workbook with its columns matched.

    ``decisions``: normalised company name → id of the account that it is, or "new". ``asks``: likely duplicates wait for a
    decision (in the window) instead of coming in as new. ``left_out``: (sheet, Excel row) that the user excluded.
    ``recipe``: what the user said about the order of day and month, and about words for tiers and roles.
    """

    file: SourceFile
    tables: tuple[tuple[Table, tuple[Match, ...]], ...]
    decisions: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[tuple[str, int]] = frozenset()
    policy: Policy = Policy.UPDATE
    asks: bool = False
    unread_sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    recipe: Recipe = AS_IT_STANDS


@command(N_("Handover imported: {file}"), kind=StepKind.IMPORT)
def import_handover(uow: UnitOfWork, wish: ImportHandover) -> ImportReport:
    """Write what the file says. The same function runs for the preview, inside a transaction that is rolled back.

    Raises Problems (nothing_to_import) where no row could be taken, Cancelled where the user stopped it.
    """
    uow.name(file=wish.file.name)
    with silenced():
        return _import(uow, wish)


def _import(uow: UnitOfWork, wish: ImportHandover) -> ImportReport:
    uow.progress.step(_("Reading the rows"))
    tables = _judged(wish)
    gathered = gather(tables)
    if not any(fate is not None for judged in tables for fate in judged.fates) and not gathered.companies:
        raise Problems([Problem("", _("The sheets have headings, but no rows below them."), code="nothing_to_import")])
    hits = match_accounts(uow.connection, gathered.companies, _decisions(uow, wish))
    uow.progress.step(_("Writing the accounts"), len(gathered.companies))
    writer = Writer(uow, tables, wish.policy, _user(uow), new_id())
    point("import.judged")
    undecided = _write_all(uow, wish, gathered, hits, writer)
    point("import.written")
    _warn(uow, tables, gathered, hits, undecided)
    report = told(uow, wish, tables, gathered, hits, undecided, writer)
    if any(report.created.values()) or any(report.updated.values()):
        _keep(uow, wish, report, writer.import_id)
        writer.flush()
        point("import.kept")
    return report


def _judged(wish: ImportHandover) -> list[Judged]:
    links = linked_names(wish.tables)
    return [judge(table, matches, links, wish.left_out, wish.recipe) for table, matches in wish.tables]


def _decisions(uow: UnitOfWork, wish: ImportHandover) -> dict[str, str]:
    known = uow.session.scalar(select(ImportMapping).where(ImportMapping.fingerprint == REMEMBERED))
    remembered = dict(known.decisions) if known is not None and known.deleted_at is None else {}
    return remembered | dict(wish.decisions)


def _write_all(
    uow: UnitOfWork, wish: ImportHandover, gathered: Gathered, hits: dict[str, Hit], writer: Writer
) -> set[str]:
    """Write all companies but those that wait for a decision; returns their keys."""
    ids = {hit.account_id for hit in hits.values() if hit.account_id is not None}
    writer.existing = load_existing(uow, sorted(ids))
    undecided = {key for key, hit in hits.items() if wish.asks and hit.is_open}
    done = 0
    for key, company in gathered.companies.items():
        done += 1
        if done % 500 == 0:
            uow.progress.advance(500)
            writer.flush_if_many()
        if key in undecided:
            continue
        hit = hits[key]
        account_id = writer.write(company, hit.account_id)
        if hit.account_id is None:
            hits[key] = Hit(None, hit.by, hit.candidate, hit.several)
            company.account.values["id"] = account_id
    return undecided


def _warn(
    uow: UnitOfWork, tables: Sequence[Judged], gathered: Gathered, hits: Mapping[str, Hit], undecided: set[str]
) -> None:
    """Name what may be one customer under two names, inside the file and against the store."""
    cores: dict[str, Company] = {}
    for key, company in gathered.companies.items():
        hit, name = hits[key], company.account.values["name"]
        table, row = company.account.place
        if hit.several:
            tables[table].find(row, "account.name", "several_accounts", name)
        if hit.candidate is not None and key not in undecided:
            tables[table].find(row, "account.name", "possible_duplicate", name, hit.candidate[1])
        if hit.account_id is None and hit.by != "decision":
            twin = cores.setdefault(core_key(name), company)
            if twin is not company:
                tables[table].find(row, "account.name", "possible_duplicate", name, twin.account.values["name"])
    numbers = {
        part.values["number"]: hits[key].account_id or company.account.values.get("id")
        for key, company in gathered.companies.items()
        for part in company.contracts.values()
        if part.values.get("number")
    }
    others = elsewhere(uow, numbers)
    if others:
        for company in gathered.companies.values():
            for part in company.contracts.values():
                other = others.get(part.values.get("number", ""))
                if other:
                    table, row = part.place
                    tables[table].find(row, "contract.number", "number_elsewhere", part.values["number"], other)


def _keep(uow: UnitOfWork, wish: ImportHandover, report: ImportReport, import_id: int) -> None:
    """Remember the file, what came of it, the mapping that the user chose and what was decided."""
    uow.add(
        Import(
            id=import_id,
            file_name=wish.file.name,
            sha256=wish.file.sha256,
            size=wish.file.size,
            imported_at=uow.now,
            step_id=uow.step_id,
            fingerprint=headings.fingerprint([heading for table, _m in wish.tables for heading in table.headings]),
            mapping={f"{sheet.name}!{sheet.header_row}": sheet.mapping for sheet in report.sheets},
            counts={
                "rows": {fate.value: count for fate, count in report.rows.items()},
                "created": dict(report.created),
                "updated": dict(report.updated),
                "unchanged": dict(report.unchanged),
            },
            problems=[_kept(finding) for finding in report.findings[:KEPT_FINDINGS]],
        )
    )
    for table, matches in wish.tables:
        if any(match.how is How.CHOSEN for match in matches):
            _remember(uow, headings.fingerprint(table.headings), mapping=as_mapping(list(matches)))
    if wish.decisions:
        _remember(uow, REMEMBERED, decisions=_decisions(uow, wish))
    uow.session.flush()


def _kept(finding: Finding) -> dict[str, Any]:
    return {
        "sheet": finding.sheet, "row": finding.row, "column": finding.column, "cell": finding.cell, "value": finding.value,
        "severity": finding.severity.value, "code": finding.code, "message": finding.message,
    }  # fmt: skip


def _remember(uow: UnitOfWork, fingerprint: str, **values: Any) -> None:
    row = uow.session.scalar(select(ImportMapping).where(ImportMapping.fingerprint == fingerprint))
    if row is None:
        uow.add(ImportMapping(fingerprint=fingerprint, **values))
        return
    row.deleted_at = row.bin_step = None
    for name, value in values.items():
        setattr(row, name, value)


def _user(uow: UnitOfWork) -> str:
    row = uow.session.scalar(select(Setting).where(Setting.key == "user.name", Setting.deleted_at.is_(None)))
    return str(row.value) if row is not None and row.value else ""
