"""Taking an export in again: into an empty store it gives the same store, into a used one the newer row wins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, literal, select

from csdesk.models.base import Base
from csdesk.models.tables import RECORDS
from csdesk.models.vocabulary import Action, StepKind
from csdesk.services.archive.reading import Archive
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.faults import point
from csdesk.services.core.stored import encoder, journalled
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.core.unit_of_work import UnitOfWork, command

NATURAL = {"settings": "key", "import_mappings": "fingerprint"}
"""Tables whose rows are the same when this column is, whatever their ids: two laptops name their settings apart."""
NUMBERED = {"demands": None, "tickets": "kind"}
"""Tables whose rows carry a number of this store's own, with the column that each has a count of its own for."""
BLOCK = 500


@dataclass(frozen=True)
class TakeIn:
    """An archive and the name of its file."""

    archive: Archive
    name: str


@dataclass
class TakenIn:
    """What became of the rows, by table: new, updated because the archive's was newer, left as they are."""

    new: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    renumbered: dict[str, int] = field(default_factory=dict)
    """Rows that came in under another number, since theirs was another row's here."""

    @property
    def renumbered_sentence(self) -> str:
        """What is to be said of them; "" where there are none."""
        count = sum(self.renumbered.values())
        if not count:
            return ""
        return ngettext(
            "{n} got another number, since its own was taken here",
            "{n} got other numbers, since theirs were taken here",
            count,
        ).format(n=count)


@command(N_("Archive {name} taken in"), kind=StepKind.IMPORT)
def take_in(uow: UnitOfWork, wish: TakeIn) -> TakenIn:
    """Store what is new, replace what is older than in the archive, leave the rest; one step that undo takes back.

    Raises Problems where a row points at one that is neither in the archive nor in the store.
    """
    uow.name(name=wish.name)
    uow.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    uow.progress.step(_("Taking the archive in"), sum(len(rows) for rows in wish.archive.rows.values()))
    result = TakenIn()
    for model in RECORDS:
        rows = wish.archive.rows.get(model.__tablename__, [])
        if rows:
            _take_table(uow, Base.metadata.tables[model.__tablename__], rows, result)
            point("archive.write")
    _check_references(uow)
    return result


def _take_table(uow: UnitOfWork, table: Table, rows: Sequence[dict[str, Any]], result: TakenIn) -> None:
    rows = [_at_home(uow, table, row) for row in rows]
    known = _known(uow, table, [row["id"] for row in rows])
    new, newer = [], []
    for row in rows:
        if row["id"] not in known:
            new.append(row)
        elif row["updated_at"] > known[row["id"]]:
            newer.append(row)
    if table.name in NUMBERED:
        result.renumbered[table.name] = _renumber(uow, table, new, newer)
    _insert(uow, table, new)
    for row in newer:
        _update(uow, table, row)
    uow.progress.advance(len(rows))
    result.new[table.name] = len(new)
    result.updated[table.name] = len(newer)
    result.same[table.name] = len(rows) - len(new) - len(newer)


def _renumber(uow: UnitOfWork, table: Table, new: Iterable[dict[str, Any]], newer: Iterable[dict[str, Any]]) -> int:
    """Numbers are this store's own: a row that is here keeps the one it has, one that comes in and whose number is taken
    gets the next free one. Returns how many came in under another number; what lies in the bin holds its number too."""
    kind = NUMBERED[table.name]
    stored = select(table.c.id, table.c[kind] if kind else literal(""), table.c.number)
    here = {row[0]: (row[1], row[2]) for row in uow.connection.execute(stored)}
    comers = list(new)
    for row in newer:
        if kind is None or row.get(kind, here[row["id"]][0]) == here[row["id"]][0]:
            row["number"] = here[row["id"]][1]
        else:
            comers.append(row)
    wanted = [(row.get(kind, "") if kind else "", row.get("number", 0)) for row in comers]
    taken, last, changed = set(here.values()), Counter[str](), 0
    for one, number in (*taken, *wanted):
        last[one] = max(last[one], number)
    for row, (one, number) in zip(comers, wanted, strict=True):
        if number < 1 or (one, number) in taken:
            last[one] += 1
            row["number"] = last[one]
            changed += 1
        taken.add((one, row["number"]))
    return changed


def _at_home(uow: UnitOfWork, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row under the id that this store knows it by."""
    column = NATURAL.get(table.name)
    if column is None or column not in row:
        return row
    there = uow.connection.scalar(select(table.c.id).where(table.c[column] == row[column]))
    return row if there is None else row | {"id": there}


def _known(uow: UnitOfWork, table: Table, ids: Sequence[int]) -> dict[int, datetime]:
    statement = select(table.c.id, table.c.updated_at).where(table.c.id.in_(bindparam("ids", expanding=True)))
    known: dict[int, datetime] = {}
    for start in range(0, len(ids), BLOCK):
        for row in uow.connection.execute(statement, {"ids": ids[start : start + BLOCK]}):
            known[row.id] = row.updated_at
    return known


def _insert(uow: UnitOfWork, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows with the ids, versions and times they have. What was in the bin is in the bin, and not journalled:
    undo leaves it there."""
    by_columns: dict[frozenset[str], list[dict[str, Any]]] = {}
    for row in rows:
        by_columns.setdefault(frozenset(row), []).append(row)
    for alike in by_columns.values():
        uow.connection.execute(table.insert(), alike)
        alive = [row["id"] for row in alike if row.get("deleted_at") is None]
        if alive:
            uow.note_bulk(table, Action.BULK_INSERT, alive)


def _update(uow: UnitOfWork, table: Table, row: dict[str, Any]) -> None:
    here = uow.connection.execute(select(table).where(table.c.id == row["id"])).mappings().one()
    before, after = _difference(table, dict(here), row)
    values = {name: value for name, value in row.items() if name not in ("id", "created_at")}
    values["version"] = max(here["version"] + 1, row.get("version", 1))
    if "pinyin" in table.c and "name" in after:
        values |= {"pinyin": None, "initials": None}
    uow.connection.execute(table.update().where(table.c.id == row["id"]).values(**values))
    uow.note_row(table, row["id"], before, after)


def _difference(table: Table, here: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = {}, {}
    for column in journalled(table):
        if column.name in row and row[column.name] != here[column.name]:
            before[column.name] = encoder(column)(here[column.name])
            after[column.name] = encoder(column)(row[column.name])
    return before, after


def _check_references(uow: UnitOfWork) -> None:
    broken = uow.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20)
    problems = []
    for table, row, parent, _number in broken:
        text = _("{table} {id} points at a row of {parent} that is neither in the archive nor here.")
        message = text.format(table=table, id=row, parent=parent)
        problems.append(Problem(table, message, cell=f"{table} {row}", code="dangling"))
    if problems:
        raise Problems(problems)
