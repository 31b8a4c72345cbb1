"""Taking a handover workbook in: one unit of work, one change, one undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.base import new_id
from csdesk.models.handover import Import, ImportDetails, ImportMapping
from csdesk.models.settings import Setting
from csdesk.models.vocabulary import Fate, StepKind
from csdesk.services.accounts.names import name_key
from csdesk.services.accounts.verdicts import Side, known_verdicts, remember
from csdesk.services.core.collector import silenced
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.faults import point
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.handover import headings
from csdesk.services.handover.fields import NAME
from csdesk.services.handover.findings import Finding, Judged
from csdesk.services.handover.gathering import Company, Gathered, Part, gather
from csdesk.services.handover.headings import How
from csdesk.services.handover.leftover import kept_rows
from csdesk.services.handover.mapping import Match, as_mapping, propose
from csdesk.services.handover.matching import (
    IN_FILE,
    NEW,
    Candidate,
    Hit,
    KnownNames,
    aliases_in_file,
    match_accounts,
)
from csdesk.services.handover.outcome import accounts_written, told
from csdesk.services.handover.recipe import Policy, Recipe
from csdesk.services.handover.report import ImportReport
from csdesk.services.handover.rules import AS_IT_STANDS, judge, linked_names
from csdesk.services.handover.tables import Table
from csdesk.services.handover.writing import Writer, load_existing, numbers_elsewhere

HEADINGS = "headings"
"""The fingerprint under which headings that were matched by hand are kept, for all files."""
WORDS = "words"
"""The fingerprint under which the meaning of words is kept, for all files."""
KEPT_FINDINGS = 2000


@dataclass(frozen=True)
class SourceFile:
    """The file as it is known later: its name, its hash, its size in bytes, where it lay ("" for a pasted table)."""

    name: str
    sha256: str
    size: int
    path: str = ""


@dataclass(frozen=True)
class ImportHandover:
    """A workbook with its columns matched.

    ``decisions``: name key of a company → id of the account that it is, "=" and the key of the company of this file that
    it is, or "new". ``asks``: likely duplicates wait for a
    decision (in the window) instead of coming in as new. ``left_out``: (sheet, Excel row) that the user excluded.
    ``answers``: normalised company name → what its rows do, where the recipe's policy is to ask. ``only_tells``: the report
    is wanted again after an answer; no row is tried in the store.
    """

    file: SourceFile
    tables: tuple[tuple[Table, tuple[Match, ...]], ...]
    decisions: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[tuple[str, int]] = frozenset()
    recipe: Recipe = AS_IT_STANDS
    answers: Mapping[str, Policy] = field(default_factory=dict)
    asks: bool = False
    only_tells: bool = False
    fingerprint: str = ""
    unread_sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    verdicts = known_verdicts(uow.connection)
    known = KnownNames(uow.connection)
    aliases = aliases_in_file(tables, wish.decisions, verdicts, known)
    gathered = gather(tables, aliases)
    if not any(fate is not None for judged in tables for fate in judged.fates) and not gathered.companies:
        raise Problems([Problem("", _("The sheets have headings, but no rows below them."), code="nothing_to_import")])
    hits = match_accounts(uow.connection, gathered.companies, wish.decisions, verdicts, known, asks=wish.asks)
    others = numbers_elsewhere(uow.connection, gathered.companies, hits)
    uow.progress.step(_("Writing the accounts"), len(gathered.companies))
    writer = Writer(uow, tables, _user(uow), new_id(), only_tells=wish.only_tells)
    point("import.judged")
    aside = _write_all(uow, wish, gathered, hits, writer)
    point("import.written")
    _warn(tables, gathered, hits, aside, others)
    report = told(uow, wish, tables, gathered, hits, aside, writer)
    if wish.only_tells:
        return report
    if any(report.created.values()) or any(report.updated.values()):
        report = replace(report, import_id=writer.import_id)
        _keep(uow, wish, report, writer.import_id, list(accounts_written(gathered, hits, aside)))
        writer.flush()
        point("import.kept")
    _remember_answers(uow, wish, tables, gathered, hits)
    return report


def _judged(wish: ImportHandover) -> list[Judged]:
    links = linked_names(wish.tables)
    return [judge(table, matches, links, wish.left_out, wish.recipe) for table, matches in wish.tables]


def _write_all(
    uow: UnitOfWork, wish: ImportHandover, gathered: Gathered, hits: dict[str, Hit], writer: Writer
) -> dict[str, Fate]:
    """Write all companies but those that wait for a decision or are left alone; returns those, by key."""
    ids = {hit.account_id for hit in hits.values() if hit.account_id is not None}
    writer.existing = load_existing(uow, sorted(ids))
    aside = {key: Fate.UNDECIDED for key, hit in hits.items() if wish.asks and hit.is_open}
    done = 0
    for key, company in gathered.companies.items():
        done += 1
        if done % 500 == 0:
            uow.progress.advance(500)
            writer.flush_if_many()
        if key in aside:
            continue
        hit = hits[key]
        waits = _waits(wish, writer, company, hit)
        if waits is not None:
            aside[key] = waits
            continue
        account_id = writer.write(company, hit.account_id)
        if hit.account_id is None:
            company.account.values["id"] = account_id or None
    return aside


def _waits(wish: ImportHandover, writer: Writer, company: Company, hit: Hit) -> Fate | None:
    """Whether a company stays out, by what the user wants done to accounts that are there; sets the writer's policy."""
    writer.policy = Policy.UPDATE
    if hit.account_id is None:
        return None
    policy = wish.recipe.policy
    if policy is Policy.ASK:
        policy = wish.answers.get(company.key, Policy.ASK if wish.asks else Policy.UPDATE)
    if policy in (Policy.UPDATE, Policy.FILL):
        writer.policy = policy
        return None
    if not writer.would_change(company, hit.account_id):
        return None
    if policy is Policy.ASK:
        return Fate.UNDECIDED
    writer.forget(company)
    return Fate.SKIPPED


def _warn(
    tables: Sequence[Judged],
    gathered: Gathered,
    hits: Mapping[str, Hit],
    aside: Mapping[str, Fate],
    others: Iterable[tuple[Part, str]],
) -> None:
    """Name what may be one customer under two names, inside the file and against the store."""
    for key, company in gathered.companies.items():
        hit = hits[key]
        if not hit.candidates:
            continue
        name = company.account.values["name"]
        table, row = company.account.place
        if hit.several and key not in aside:
            tables[table].find(row, "account.name", "several_accounts", name)
        elif hit.is_open and hit.likely is not None and key not in aside:
            tables[table].find(row, "account.name", "possible_duplicate", name, hit.likely.name)
    for part, other in others:
        table, row = part.place
        tables[table].find(row, "contract.number", "number_elsewhere", part.values["number"], other)


def _keep(uow: UnitOfWork, wish: ImportHandover, report: ImportReport, import_id: int, accounts: Sequence[int]) -> None:
    """Remember the file, what came of it, the mapping that the user chose and what was decided."""
    uow.add(
        Import(
            id=import_id,
            file_name=wish.file.name,
            sha256=wish.file.sha256,
            size=wish.file.size,
            imported_at=uow.now,
            step_id=uow.step_id,
            fingerprint=wish.fingerprint,
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
    _learn(uow, wish)
    uow.session.flush()
    uow.insert_many(
        ImportDetails,
        [
            {
                "import_id": import_id, "path": wish.file.path, "recipe": wish.recipe.as_json(), "refused": kept_rows(wish, report),
                "accounts": accounts,
            }
        ],
    )  # fmt: skip


def _learn(uow: UnitOfWork, wish: ImportHandover) -> None:
    """Keep what holds for other files too: headings matched by hand, the meaning of words; and how this file is read."""
    learnt = {
        headings.normal(match.heading): match.used
        for table, matches in wish.tables
        if any(match.how is How.CHOSEN for match in matches)
        for match, proposed in zip(matches, propose(table), strict=True)
        if match.how is How.CHOSEN and match.used and match.used != proposed.used and headings.normal(match.heading)
    }
    if learnt:
        known = _known(uow, HEADINGS)
        _remember(uow, HEADINGS, mapping={**(known.mapping if known else {}), **learnt})
    if any(wish.recipe.words.values()):
        _remember(uow, WORDS, decisions={key: dict(words) for key, words in wish.recipe.words.items()})
    recipe = replace(wish.recipe, mapping={}, words={}, encoding="")
    if wish.fingerprint and (recipe != Recipe() or _known(uow, wish.fingerprint) is not None):
        _remember(uow, wish.fingerprint, decisions={"recipe": recipe.as_json()})


def _known(uow: UnitOfWork, fingerprint: str) -> ImportMapping | None:
    alive = (ImportMapping.fingerprint == fingerprint, ImportMapping.deleted_at.is_(None))
    return uow.session.scalar(select(ImportMapping).where(*alive))


def _remember_answers(
    uow: UnitOfWork, wish: ImportHandover, tables: Sequence[Judged], gathered: Gathered, hits: Mapping[str, Hit]
) -> None:
    """Keep what the user said about companies of this file, for all files to come."""
    if not wish.decisions:
        return
    entries = (entry for judged in tables for entry in judged.entries if entry is not None)
    names = {name_key(entry[NAME]): entry[NAME] for entry in entries}
    for key, decision in wish.decisions.items():
        company = gathered.companies.get(key)
        if decision.startswith(IN_FILE) and key in names and decision[1:] in names:
            target = gathered.companies.get(decision[1:])
            known = hits[decision[1:]].account_id or target.account.values.get("id") if target is not None else None
            remember(uow, Side(names[decision[1:]], known), Side(names[key]), same=True)
        elif company is not None and decision == NEW:
            for candidate in hits[key].candidates:
                remember(uow, _side(candidate), Side(names[key], company.account.values.get("id")), same=False)
        elif company is not None and decision.isdigit() and hits[key].account_id == int(decision):
            account = uow.get(Account, int(decision))
            if name_key(account.name) != key:
                remember(uow, Side(account.name, account.id), Side(names[key]), same=True)


def _side(candidate: Candidate) -> Side:
    return Side(candidate.name, candidate.account_id)


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
