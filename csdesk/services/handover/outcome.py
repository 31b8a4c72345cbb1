"""What became of each row, account and record of a file, told from the parts after they were written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from csdesk.models.handover import Import
from csdesk.models.vocabulary import Fate
from csdesk.services.core.later import Later
from csdesk.services.core.unit_of_work import UnitOfWork
from csdesk.services.handover.days import Order
from csdesk.services.handover.fields import NAME
from csdesk.services.handover.findings import Finding, Judged
from csdesk.services.handover.gathering import Company, Gathered
from csdesk.services.handover.matching import Hit, facts_of, facts_of_accounts
from csdesk.services.handover.report import CompanyRead, ImportReport, OpenDays, RowRead, SheetRead
from csdesk.services.handover.values import read_text
from csdesk.services.handover.writing import Writer

if TYPE_CHECKING:
    from csdesk.services.handover.commands import ImportHandover


def told(
    uow: UnitOfWork,
    wish: ImportHandover,
    tables: list[Judged],
    gathered: Gathered,
    hits: Mapping[str, Hit],
    aside: Mapping[str, Fate],
    writer: Writer,
) -> ImportReport:
    """The report of an import that was written, or of its rehearsal. ``aside``: companies that were not written, and why."""
    waiting = {place: fate for key, fate in aside.items() for place in gathered.companies[key].rows}
    fates = [list(_fates(number, judged, gathered, waiting)) for number, judged in enumerate(tables)]
    counts: dict[Fate, dict[str, int]] = {
        fate: dict.fromkeys(("accounts", "contacts", "contracts"), 0) for fate in Fate
    }
    for key, company in gathered.companies.items():
        if key in aside:
            continue
        counts[_account_fate(company)]["accounts"] += 1
        for name, parts in (("contacts", company.contacts), ("contracts", company.contracts)):
            for part in parts.values():
                counts[part.fate][name] += 1
    facts = _facts(uow, gathered, hits) if wish.asks else {}
    companies = Later(
        lambda: (
            _company(tables, key, company, hits[key], aside.get(key), writer, facts)
            for key, company in gathered.companies.items()
        )
    )
    rows = Later(lambda: _rows(tables, fates))
    return ImportReport(
        file=wish.file.name,
        sheets=tuple(
            SheetRead(table.sheet, table.layout.value, table.header_row, matches, len(table.rows))
            for table, matches in wish.tables
        ),
        rows=_counted(tables, fates),
        created=counts[Fate.NEW],
        updated=counts[Fate.UPDATED],
        unchanged=counts[Fate.SAME],
        findings=_findings(tables),
        companies=companies.now() if wish.asks else companies,
        row_fates=rows.now() if wish.asks else rows,
        unread_sheets=wish.unread_sheets,
        notes=wish.notes,
        seen_before=_seen_before(uow, wish.file.sha256),
        open_days=tuple(_open_days(tables)),
    )


def _facts(uow: UnitOfWork, gathered: Gathered, hits: Mapping[str, Hit]) -> dict[str, dict[str, str]]:
    """By decision: what is known of the candidates, to be laid beside the companies that they may be."""
    offered = [candidate for hit in hits.values() for candidate in hit.candidates]
    ids = {candidate.account_id for candidate in offered if candidate.account_id is not None}
    facts = {str(account): known for account, known in facts_of_accounts(uow.connection, ids).items()} if ids else {}
    for candidate in offered:
        if candidate.account_id is None:
            facts[candidate.decision] = facts_of(gathered.companies[candidate.decision[1:]])
    return facts


def _account_fate(company: Company) -> Fate:
    """An account whose handover was filled in counts as updated."""
    fate = company.account.fate
    if fate is Fate.SAME and company.handover is not None and company.handover.fate is not Fate.SAME:
        return Fate.UPDATED
    return fate


def _open_days(tables: Sequence[Judged]) -> Iterator[OpenDays]:
    for judged in tables:
        for heading in (heading for heading, order in judged.orders.items() if order is Order.OPEN):
            doubts = [
                found.value for found in judged.findings if found.column == heading and found.code == "ambiguous_date"
            ]
            yield OpenDays(judged.table.sheet, heading, tuple(dict.fromkeys(doubts))[:3])


def _fates(number: int, judged: Judged, gathered: Gathered, waiting: Mapping[tuple[int, int], Fate]) -> Iterator[Fate]:
    """What became of each row of a table."""
    for row, fate in enumerate(judged.fates):
        if fate is None:
            place = (number, row)
            fate = waiting.get(place) or _fate(gathered, place)
        yield fate


def _counted(tables: Sequence[Judged], fates: Sequence[Sequence[Fate]]) -> Counter[Fate]:
    counts = Counter(fate for own in fates for fate in own)
    dropped = sum(len(judged.table.dropped) for judged in tables)
    if dropped:
        counts[Fate.SKIPPED] += dropped
    return counts


def _rows(tables: Sequence[Judged], fates: Sequence[Sequence[Fate]]) -> Iterator[RowRead]:
    for judged, own in zip(tables, fates, strict=True):
        table = judged.table
        for row, (number, entry, fate) in enumerate(zip(table.numbers, judged.entries, own, strict=True)):
            yield RowRead(table.sheet, number, fate, entry[NAME] if entry else _written_name(judged, row))
        for dropped in table.dropped:
            yield RowRead(table.sheet, dropped, Fate.SKIPPED, "")


def accounts_written(gathered: Gathered, hits: Mapping[str, Hit], aside: Mapping[str, Fate]) -> Iterator[int]:
    """The ids of the accounts that are new or were updated."""
    for key, company in gathered.companies.items():
        account_id = hits[key].account_id or company.account.values.get("id")
        if account_id and key not in aside and (hits[key].account_id is None or _touched(company)):
            yield account_id


def _touched(company: Company) -> bool:
    return any(part.fate is not Fate.SAME for part in company.parts())


def _written_name(judged: Judged, row: int) -> str:
    """What the file says where the name ought to be."""
    index = judged.column_of(NAME)
    return read_text(judged.table.cell(row, index))[0] or "" if index is not None else ""


def _fate(gathered: Gathered, place: tuple[int, int]) -> Fate:
    """New where the row brought something new, updated where it changed a value, else the same."""
    fate = Fate.SAME
    for part in gathered.of_row[place]:
        own = part.place == place
        if part.fate is Fate.NEW and own:
            return Fate.NEW
        if (part.fate is Fate.UPDATED and (own or part.took_from(place))) or (
            part.fate is Fate.NEW and part.took_from(place)
        ):
            fate = Fate.UPDATED
    return fate


def _findings(tables: Sequence[Judged]) -> tuple[Finding, ...]:
    order = {judged.table.sheet: place for place, judged in reversed(list(enumerate(tables)))}
    found = [finding for judged in tables for finding in judged.findings]
    return tuple(sorted(found, key=lambda finding: (order[finding.sheet], finding.row)))


def _beside(company: Company, hit: Hit, facts: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What is laid beside each other where a company may be there already."""
    return {
        "candidates": tuple(replace(one, facts=facts.get(one.decision, {})) for one in hit.candidates),
        "facts": facts_of(company) if facts else {},
    }


def _company(
    tables: Sequence[Judged],
    key: str,
    company: Company,
    hit: Hit,
    aside: Fate | None,
    writer: Writer,
    facts: Mapping[str, Mapping[str, str]],
) -> CompanyRead:
    table, row = company.account.place
    judged = tables[table].table
    if aside is not None:
        fate = aside
    elif hit.account_id is None:
        fate = Fate.NEW
    else:
        fate = Fate.UPDATED if _touched(company) else Fate.SAME
    return CompanyRead(
        name=company.account.values["name"],
        account_id=hit.account_id or company.account.values.get("id"),
        fate=fate,
        sheet=judged.sheet,
        row=judged.numbers[row],
        matched_by=hit.by,
        changes=tuple(writer.changes.get(key, ())),
        contacts=len(company.contacts),
        contracts=len(company.contracts),
        rows=tuple((tables[at].table.sheet, tables[at].table.numbers[place]) for at, place in company.rows),
        **(_beside(company, hit, facts) if hit.candidates else {}),
    )


def _seen_before(uow: UnitOfWork, sha256: str) -> str:
    moment = uow.session.scalar(
        select(Import.imported_at)
        .where(Import.sha256 == sha256, Import.deleted_at.is_(None))
        .order_by(Import.id.desc())
        .limit(1)
    )
    return moment.isoformat() if moment is not None else ""
