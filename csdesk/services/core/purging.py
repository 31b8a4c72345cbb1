"""Removing rows for good: the one thing that undo cannot mend.

The journal keeps that it was done and to which rows, but not what stood in them. Steps that touched such a row are
refused from then on (see ``undo.py``). Backups keep what they hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Table, null, select

from csdesk.models.journal import Change
from csdesk.models.tables import RECORDS
from csdesk.models.vocabulary import Action
from csdesk.services.core.stored import many
from csdesk.services.core.unit_of_work import UnitOfWork, owners_of

CHANGES: Table = Change.__table__  # type: ignore[assignment]
TABLES: tuple[Table, ...] = tuple(model.__table__ for model in RECORDS)


def with_all_that_belongs(uow: UnitOfWork, rows: Mapping[str, Collection[int]]) -> dict[str, set[int]]:
    """These rows by table, and everything that belongs to them, however deep, in the bin or not."""
    found = {name: set(ids) for name, ids in rows.items()}
    waiting = list(found.items())
    while waiting:
        name, ids = waiting.pop()
        for model, column in owners_of().get(name, ()):
            below = set(uow.connection.scalars(select(model.id).where(column.in_(many(ids)))))
            fresh = below - found.setdefault(model.__tablename__, set())
            if fresh:
                found[model.__tablename__] |= fresh
                waiting.append((model.__tablename__, fresh))
    return {name: ids for name, ids in found.items() if ids}


def purge(uow: UnitOfWork, rows: Mapping[str, Collection[int]]) -> None:
    """Remove exactly these rows, to which nothing else may belong. What points at them points at nothing then."""
    uow.session.flush()
    for table in TABLES:
        for column in table.columns:
            for key in column.foreign_keys:
                gone = rows.get(key.column.table.name)
                if gone and not column.info.get("owner"):
                    _point_at_nothing(uow, table, column.name, gone, rows.get(table.name, ()))
    for table in reversed(TABLES):
        ids = rows.get(table.name)
        if not ids:
            continue
        uow.connection.execute(
            CHANGES.update()
            .where(CHANGES.c.entity == table.name, CHANGES.c.entity_id.in_(many(ids)))
            .values(before=null(), after=null())
        )
        uow.connection.execute(table.delete().where(table.c.id.in_(many(ids))))
        uow.note_bulk(table, Action.PURGE, ids)


def _point_at_nothing(uow: UnitOfWork, table: Table, name: str, gone: Collection[int], going: Collection[int]) -> None:
    column = table.c[name]
    pointing = uow.connection.execute(select(table.c.id, column).where(column.in_(many(gone)))).all()
    if not pointing:
        return
    ids = [row[0] for row in pointing]
    uow.connection.execute(
        table.update()
        .where(table.c.id.in_(many(ids)))
        .values({name: None, "version": table.c.version + 1, "updated_at": uow.now})
    )
    for row_id, value in pointing:
        if row_id not in going:
            uow.note_row(table, row_id, {name: value}, {name: None})
