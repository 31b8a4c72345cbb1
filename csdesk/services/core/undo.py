"""Undo and redo from the journal, across restarts; taking one step back in the middle, keeping what was edited since.

Reversing a step writes a step of its own, so redo is the reverse of the undo, and the history shows both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, select

from csdesk.models.journal import Change, Step
from csdesk.models.tables import RECORDS, Base
from csdesk.models.vocabulary import Action, StepKind
from csdesk.services.core.errors import Conflict
from csdesk.services.core.stored import decoder, encoder, many, unpack
from csdesk.services.core.texts import _
from csdesk.services.core.unit_of_work import StepInfo, UnitOfWork, owner_columns, owners_of, step_text

STEPS: Table = Step.__table__  # type: ignore[assignment]
CHANGES: Table = Change.__table__  # type: ignore[assignment]
DOABLE = (StepKind.COMMAND, StepKind.IMPORT)
ORDER = {model.__tablename__: place for place, model in enumerate(RECORDS)}


@dataclass
class Reversal:
    """What taking a step back did: how many rows, and which were kept because they were edited since.

    ``needed`` are those among the kept that something later belongs to; ``turned`` the rows that were taken back.
    """

    rows: int = 0
    kept: dict[str, set[int]] = field(default_factory=dict)
    needed: dict[str, set[int]] = field(default_factory=dict)
    turned: dict[str, set[int]] = field(default_factory=dict)

    def keep(self, entity: str, row_id: int, needed: bool = False) -> None:
        """Remember a row that stays as it is."""
        self.kept.setdefault(entity, set()).add(row_id)
        if needed:
            self.needed.setdefault(entity, set()).add(row_id)

    def turn(self, entity: str, ids: Iterable[int]) -> None:
        """Remember rows that were taken back."""
        self.turned.setdefault(entity, set()).update(ids)

    @property
    def kept_count(self) -> int:
        """Rows kept."""
        return sum(len(ids) for ids in self.kept.values())


def next_undo(connection: Connection) -> StepInfo | None:
    """The step that Ctrl+Z would take back."""
    return _first(connection, STEPS.c.undone.is_(False), STEPS.c.id.desc())


def next_redo(connection: Connection) -> StepInfo | None:
    """The step that would be done again."""
    return _first(connection, STEPS.c.undone.is_(True) & STEPS.c.stale.is_(False), STEPS.c.id.asc())


def _first(connection: Connection, condition: Any, order: Any) -> StepInfo | None:
    row = connection.execute(
        select(STEPS.c.id, STEPS.c.title, STEPS.c.params)
        .where(STEPS.c.kind.in_(DOABLE), condition)
        .order_by(order)
        .limit(1)
    ).first()
    return None if row is None else StepInfo(row.id, row.title, row.params)


def take_back(uow: UnitOfWork, step_id: int, *, keep_edited: bool = False) -> Reversal:
    """Reverse a step that was done. Raises Conflict where a later change stands in the way, unless ``keep_edited``."""
    reversal = _reverse(uow, step_id, keep_edited)
    uow.connection.execute(STEPS.update().where(STEPS.c.id == step_id).values(undone=True, stale=False))
    return reversal


def do_again(uow: UnitOfWork, step_id: int, *, keep_edited: bool = False) -> Reversal:
    """Reverse the undo of a step. Raises Conflict where a later change stands in the way, unless ``keep_edited``."""
    undo_id = uow.connection.scalar(
        select(STEPS.c.id)
        .where(STEPS.c.of_step == step_id, STEPS.c.kind == StepKind.UNDO)
        .order_by(STEPS.c.id.desc())
        .limit(1)
    )
    if undo_id is None:
        raise Conflict(_("There is nothing to do again."))
    reversal = _reverse(uow, undo_id, keep_edited)
    uow.connection.execute(STEPS.update().where(STEPS.c.id == step_id).values(undone=False))
    return reversal


def _reverse(uow: UnitOfWork, step_id: int, keep_edited: bool) -> Reversal:
    entries = list(uow.connection.execute(select(CHANGES).where(CHANGES.c.step_id == step_id)))
    entries.sort(key=lambda entry: (-ORDER.get(entry.entity, 0), -entry.id))
    inserted: dict[str, set[int]] = {}
    for entry in entries:
        if entry.action == Action.INSERT:
            inserted.setdefault(entry.entity, set()).add(entry.entity_id)
        elif entry.action == Action.BULK_INSERT:
            inserted.setdefault(entry.entity, set()).update(unpack(entry.ids))
    reversal = Reversal()
    worker = _Reverser(uow, step_id, keep_edited, inserted, reversal)
    worker.find_gone(entries)
    for (entity, how), alike in groupby(entries, lambda entry: (entry.entity, _how(entry))):
        how(worker, Base.metadata.tables[entity], list(alike))
    return reversal


class _Reverser:
    def __init__(
        self, uow: UnitOfWork, step_id: int, keep_edited: bool, inserted: dict[str, set[int]], reversal: Reversal
    ) -> None:
        self.uow, self.step_id, self.keep_edited = uow, step_id, keep_edited
        self.inserted, self.reversal = inserted, reversal
        self.gone: dict[str, set[int]] = {}

    def find_gone(self, entries: list[Row[Any]]) -> None:
        """Look for rows that were removed for good since. Raises Conflict where there are any, unless ``keep_edited``."""
        touched: dict[str, set[int]] = {}
        for entry in entries:
            touched.setdefault(entry.entity, set()).update(_ids_of(entry))
        for name, ids in touched.items():
            self.gone[name] = ids - self._there(Base.metadata.tables[name], ids)
        if any(self.gone.values()) and not self.keep_edited:
            raise _gone_for_good()

    def bin_made(self, table: Table, entries: list[Row[Any]]) -> None:
        """Rows that the step made go to the bin."""
        ids = self._left(table, [row_id for entry in entries for row_id in _ids_of(entry)])
        if ids:
            self._bin(table, ids)

    def restore_alike(self, table: Table, entries: list[Row[Any]]) -> None:
        """Rows that were all changed in the same way become what they were."""
        for entry in entries:
            ids = self._left(table, _ids_of(entry))
            if ids:
                (before,) = self._pointing(table, [entry.before])
                self._restore_many(table, ids, before, entry.after)

    def restore_each(self, table: Table, entries: list[Row[Any]]) -> None:
        """Rows that were changed each in its own way become what they were."""
        left = set(self._left(table, [entry.entity_id for entry in entries]))
        entries = [entry for entry in entries if entry.entity_id in left]
        befores = self._pointing(table, [entry.before for entry in entries])
        now = self._standing(table, {name for before in befores for name in before}, left)
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for entry, before in zip(entries, befores, strict=True):
            kept = self._as_left(table, entry, before, now[entry.entity_id])
            if kept:
                groups.setdefault(tuple(kept), []).append({"restored": entry.entity_id, **kept})
        for names, rows in groups.items():
            self._write_each(table, names, rows, now)

    def _left(self, table: Table, ids: Iterable[int]) -> list[int]:
        return [row_id for row_id in ids if row_id not in self.gone[table.name]]

    def _standing(self, table: Table, names: Iterable[str], ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """By id, what rows hold in these columns, as the journal writes it."""
        columns = [table.c[name] for name in names]
        encoders = [encoder(column) for column in columns]
        rows = self.uow.connection.execute(select(table.c.id, *columns).where(table.c.id.in_(many(ids))))
        keys = [column.name for column in columns]
        return {
            row[0]: {name: encode(value) for name, encode, value in zip(keys, encoders, row[1:], strict=True)}
            for row in rows
        }

    def _as_left(self, table: Table, entry: Row[Any], before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
        """The old values of the columns that still hold what the step wrote. Raises Conflict as ``take_back``."""
        same = {name: value for name, value in before.items() if now[name] == entry.after.get(name)}
        if len(same) < len(before):
            if not self.keep_edited:
                raise self._conflict(table, entry.entity_id)
            self.reversal.keep(table.name, entry.entity_id)
        return same

    def _write_each(
        self, table: Table, names: Iterable[str], rows: list[dict[str, Any]], now: dict[int, dict[str, Any]]
    ) -> None:
        names = list(names)
        decoders = {name: decoder(table.c[name]) for name in names}
        values = {name: bindparam(f"old_{name}", type_=table.c[name].type) for name in names}
        self.uow.connection.execute(
            table.update()
            .where(table.c.id == bindparam("restored"))
            .values(version=table.c.version + 1, updated_at=self.uow.now, **values),
            [
                {"restored": row["restored"], **{f"old_{name}": decoders[name](row[name]) for name in names}}
                for row in rows
            ],
        )
        for row in rows:
            row_id = row["restored"]
            after = {name: row[name] for name in names}
            self.uow.note_row(table, row_id, {name: now[row_id][name] for name in names}, after)
            self.reversal.turn(table.name, (row_id,))
        self.reversal.rows += len(rows)

    def _there(self, table: Table, ids: Iterable[int]) -> set[int]:
        return set(self.uow.connection.scalars(select(table.c.id).where(table.c.id.in_(many(ids)))))

    def _pointing(self, table: Table, befores: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The old values, without those that point at rows that were removed for good. Raises Conflict as ``find_gone``."""
        gone: dict[str, set[int]] = {}
        for column in (column for column in table.columns if column.foreign_keys):
            wanted = {before[column.name] for before in befores if before.get(column.name) is not None}
            if wanted:
                (key,) = column.foreign_keys
                gone[column.name] = wanted - self._there(key.column.table, wanted)
        if any(gone.values()) and not self.keep_edited:
            raise _gone_for_good()
        return [
            {name: value for name, value in before.items() if value not in gone.get(name, ())} for before in befores
        ]

    def _bin(self, table: Table, ids: list[int]) -> None:
        """Rows that the step made go to the bin; those edited since, or that something new belongs to, stay."""
        edited = self._edited(table, ids)
        needed = self._needed(table, ids) - edited
        if (edited or needed) and not self.keep_edited:
            raise self._conflict(table, next(iter(edited or needed)))
        for row_id in edited | needed:
            self.reversal.keep(table.name, row_id, row_id in needed)
            self._keep_owners(table, row_id, row_id in needed)
        gone = [row_id for row_id in ids if row_id not in self.reversal.kept.get(table.name, ())]
        after = {"deleted_at": encoder(table.c.deleted_at)(self.uow.now), "bin_step": self.uow.step_id}
        self._write_many(table, gone, {"deleted_at": None, "bin_step": None}, after)

    def _edited(self, table: Table, ids: list[int]) -> set[int]:
        """Rows whose version moved on since the step, by a change that still stands."""
        standing = (
            select(CHANGES.c.entity_id)
            .join(STEPS, STEPS.c.id == CHANGES.c.step_id)
            .where(
                CHANGES.c.entity == table.name,
                CHANGES.c.entity_id.is_not(None),
                CHANGES.c.step_id > self.step_id,
                STEPS.c.undone.is_(False),
                STEPS.c.kind.in_(DOABLE),
            )
        )
        return set(ids) & set(self.uow.connection.scalars(standing))

    def _needed(self, table: Table, ids: list[int]) -> set[int]:
        """Rows to which something belongs that the step did not make, or that stays."""
        needed: set[int] = set()
        wanted = set(ids)
        for model, column in owners_of().get(table.name, ()):
            child: Table = model.__table__
            made = self.inserted.get(child.name, set()) - self.reversal.kept.get(child.name, set())
            alive = select(child.c.id, child.c[column.key]).where(
                child.c.deleted_at.is_(None), child.c[column.key].in_(many(ids))
            )
            for child_id, owner_id in self.uow.connection.execute(alive):
                if child_id not in made and owner_id in wanted:
                    needed.add(owner_id)
        return needed

    def _keep_owners(self, table: Table, row_id: int, needed: bool) -> None:
        for column in owner_columns(table):
            owner = self.uow.connection.scalar(select(column).where(table.c.id == row_id))
            if owner is None:
                continue
            (key,) = column.foreign_keys
            self.reversal.keep(key.column.table.name, owner, needed)
            self._keep_owners(key.column.table, owner, needed)

    def _restore_many(self, table: Table, ids: list[int], before: dict[str, Any], after: dict[str, Any]) -> None:
        columns = [table.c[name] for name in before]
        rows = self.uow.connection.execute(select(table.c.id, *columns).where(table.c.id.in_(many(ids))))
        same = [
            row.id
            for row in rows
            if all(encoder(column)(getattr(row, column.name)) == after.get(column.name) for column in columns)
        ]
        if len(same) < len(ids) and not self.keep_edited:
            raise self._conflict(table, next(iter(set(ids) - set(same))))
        self._write_many(table, same, after, before)

    def _write_many(self, table: Table, ids: list[int], before: dict[str, Any], after: dict[str, Any]) -> None:
        if not ids:
            return
        values = {name: decoder(table.c[name])(value) for name, value in after.items()}
        self.uow.connection.execute(
            table.update()
            .where(table.c.id.in_(many(ids)))
            .values(version=table.c.version + 1, updated_at=self.uow.now, **values)
        )
        self.uow.note_bulk(table, Action.BULK_UPDATE, ids, before, after)
        self.reversal.rows += len(ids)
        self.reversal.turn(table.name, ids)

    def _conflict(self, table: Table, row_id: int) -> Conflict:
        """Names the later change that stands in the way."""
        row = self.uow.connection.execute(
            select(STEPS.c.title, STEPS.c.params)
            .join(CHANGES, CHANGES.c.step_id == STEPS.c.id)
            .where(CHANGES.c.entity == table.name, CHANGES.c.entity_id == row_id, STEPS.c.id > self.step_id)
            .order_by(STEPS.c.id.desc())
            .limit(1)
        ).first()
        if row is None:
            return Conflict(_("This cannot be taken back: something was added or changed later. Nothing was changed."))
        later = step_text(row.title, row.params)
        return Conflict(
            _("This cannot be taken back, because of a later change: “{later}”. Take that back first.").format(
                later=later
            )
        )


def _how(entry: Row[Any]) -> Callable[[_Reverser, Table, list[Row[Any]]], None]:
    """How a change is reversed; neighbours that are reversed alike go at one go."""
    if entry.action in (Action.INSERT, Action.BULK_INSERT):
        return _Reverser.bin_made
    return _Reverser.restore_alike if entry.action == Action.BULK_UPDATE else _Reverser.restore_each


def _ids_of(entry: Row[Any]) -> list[int]:
    return unpack(entry.ids) if entry.entity_id is None else [entry.entity_id]


def _gone_for_good() -> Conflict:
    return Conflict(
        _(
            "This cannot be taken back: something it was about has been removed from the bin for good. Nothing was changed."
        )
    )
