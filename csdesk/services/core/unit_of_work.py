"""One command, one transaction, one record of what changed.

The hook on the session notes each row's entity, id, before and after. That one record is what the screens compare, each
record's history, the undo step named by the command, and how an import is taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat
from operator import itemgetter
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import Column, Connection, Table, event, func, inspect, select
from sqlalchemy.orm import Session

from csdesk.models.base import Base, Record, new_id, new_ids
from csdesk.models.journal import Change, Step
from csdesk.models.tables import RECORDS
from csdesk.models.vocabulary import Action, StepKind
from csdesk.services.core.changes import Changes
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import Conflict, NeedsConfirmation
from csdesk.services.core.progress import Progress
from csdesk.services.core.stored import Encoder, driver_encoder, encoder, journalled, pack, unchanged
from csdesk.services.core.texts import _

R = TypeVar("R", bound=Record)
C = TypeVar("C", contravariant=True)
V = TypeVar("V", covariant=True)

Derivation = Callable[[Connection, Changes, date], None]
"""Brings derived columns up to date after these changes, inside the same transaction."""


Consequence = Callable[["UnitOfWork", StepKind], None]
"""Writes what a command entails, whichever it was: journalled and taken back with it. Not asked on undo and redo."""


class CommandFunction(Protocol[C, V]):
    """What ``desk.do`` runs: a function of a unit of work and a frozen command, named by ``@command``."""

    title: str
    kind: StepKind

    def __call__(self, uow: UnitOfWork, command: C, /) -> V: ...


def command(
    title: str, *, kind: StepKind = StepKind.COMMAND
) -> Callable[[Callable[[UnitOfWork, C], V]], CommandFunction[C, V]]:
    """Name a command function: ``title`` is the msgid of its undo step and history line, filled by ``uow.name``."""

    def named(function: Callable[[UnitOfWork, C], V]) -> CommandFunction[C, V]:
        made = cast("CommandFunction[C, V]", function)
        made.title = title
        made.kind = kind
        return made

    return named


@dataclass(frozen=True)
class StepInfo:
    """A step as people meet it: its id and what it did, in the reader's language when ``text`` is asked."""

    id: int
    title: str
    params: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The sentence of the step."""
        return step_text(self.title, self.params)


def step_text(title: str, params: Mapping[str, Any]) -> str:
    """A step's title in the reader's language, filled with its params; a param missing shows as an ellipsis."""
    return _(title).format_map(_Forgiving(params))


class _Forgiving(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


@dataclass
class _Noted:
    action: Action
    before: dict[str, Any]
    after: dict[str, Any]


class UnitOfWork:
    """What a command function works with. Commands never commit: the desk does, or rolls everything back."""

    def __init__(
        self, connection: Connection, clock: Clock, progress: Progress | None = None, confirmed: Collection[str] = ()
    ) -> None:
        self.connection = connection
        self.session = Session(bind=connection, expire_on_commit=False, join_transaction_mode="control_fully")
        self.clock = clock
        self.today: date = clock.today()
        self.now: datetime = clock.now()
        self.progress = progress or Progress()
        self.step_id = _next_step(connection)
        self._confirmed = frozenset(confirmed)
        self._params: dict[str, Any] = {}
        self._noted: dict[tuple[Table, int], _Noted] = {}
        self._bulk: list[dict[str, Any]] = []
        self._ids: defaultdict[str, set[int]] = defaultdict(set)
        self._to_derive: defaultdict[str, set[int]] = defaultdict(set)
        event.listen(self.session, "before_flush", self._note)

    def name(self, **params: Any) -> None:
        """Fill the step's title: who or how many the command was about. The last word wins."""
        self._params.update(params)

    def confirm(self, key: str, sentence: str, verb: str, *, danger: bool = False) -> None:
        """Ask first: raises NeedsConfirmation unless the command came back with ``key`` confirmed."""
        if key not in self._confirmed:
            raise NeedsConfirmation(key, sentence, verb, danger=danger)

    def get(self, model: type[R], row_id: int, version: int | None = None, *, binned: bool = False) -> R:
        """The row to change; raises Conflict where it is gone or was changed since ``version`` was read."""
        row = self.session.get(model, row_id)
        if row is None or (row.deleted_at is not None and not binned):
            raise Conflict(_("This record is no longer there: it was deleted in the meantime. Nothing was written."))
        if version is not None and row.version != version:
            raise Conflict(
                _("This record was changed while you had it open. Look at it again, then repeat your change.")
            )
        return row

    def add(self, row: R) -> R:
        """A new row: gets its id and times here."""
        row.id = row.id or new_id()
        row.created_at = row.updated_at = self.now
        self.session.add(row)
        return row

    def bin(self, row: Record) -> None:
        """Into the bin, with everything that belongs to the row."""
        self.session.flush()
        for owned in self._alive_dependents([row]):
            self._put(owned, self.now, self.step_id)

    def take_out(self, row: Record) -> None:
        """Back from the bin, with everything that went in by the same step."""
        step = row.bin_step
        self.session.flush()
        self._put(row, None, None)
        for model in RECORDS:
            for other in self.session.scalars(
                select(model).where(model.bin_step == step, model.deleted_at.is_not(None))
            ):
                if step is not None and _belongs(other, row, self.session):
                    self._put(other, None, None)

    def _put(self, row: Record, moment: datetime | None, step: int | None) -> None:
        row.deleted_at, row.bin_step = moment, step

    def _alive_dependents(self, rows: list[Record]) -> list[Record]:
        found: list[Record] = list(rows)
        for row in rows:
            table = inspect(type(row)).local_table.name
            for model, column in owners_of().get(table, ()):
                alive = select(model).where(column == row.id, model.deleted_at.is_(None))
                found += self._alive_dependents(list(self.session.scalars(alive)))
        return found

    def insert_many(self, model: type[Base], rows: Sequence[Mapping[str, Any]], *, settled: bool = False) -> list[int]:
        """Insert rows past the session, all with the same keys; returns their ids. Journalled by id alone.

        Columns not named take their scalar defaults. Values are Python values: Decimal, date, aware datetime.
        ``settled``: what these rows mean for derived columns is put in with them, no derivation need look at them.
        """
        if not rows:
            return []
        table: Table = model.__table__  # type: ignore[assignment]
        ids = [row["id"] for row in rows] if "id" in rows[0] else new_ids(len(rows))
        now = encoder(table.c.created_at)(self.now)
        columns: dict[str, Iterable[Any]] = {"id": ids, "created_at": repeat(now), "updated_at": repeat(now)}
        for name in (name for name in rows[0] if name != "id"):
            values = _encoded(list(map(itemgetter(name), rows)), driver_encoder(table.c[name]))
            if not _goes_without_saying(table.c[name], values):
                columns[name] = values
        for column in table.columns:
            if column.name not in rows[0] and column.default is not None and column.server_default is None:
                columns[column.name] = repeat(driver_encoder(column)(_default(column)))
        statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        self.session.flush()
        cursor: Any = self.connection.connection.cursor()
        cursor.executemany(statement, zip(*columns.values(), strict=False))
        self._note_bulk(table, Action.BULK_INSERT, ids, settled=settled)
        return ids

    def note_bulk(
        self,
        table: Table,
        action: Action,
        ids: Iterable[int],
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Journal what was done to many rows alike; ``before`` and ``after`` as stored values."""
        self._note_bulk(table, action, list(ids), before, after)

    def _note_bulk(
        self,
        table: Table,
        action: Action,
        ids: list[int],
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        *,
        settled: bool = False,
    ) -> None:
        self._ids[table.name].update(ids)
        if not settled:
            self._to_derive[table.name].update(ids)
        self._bulk.append({"entity": table.name, "action": action, "ids": pack(ids), "before": before, "after": after})

    def note_row(self, table: Table, row_id: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Journal a change made to one row past the session; stored values."""
        self._merge(table, row_id, Action.UPDATE, dict(before), dict(after))

    def _note(self, session: Session, _context: Any, _instances: Any) -> None:
        for row in session.new:
            if isinstance(row, Record):
                row.id = row.id or new_id()
                row.created_at = getattr(row, "created_at", None) or self.now
                row.updated_at = self.now
                table = inspect(type(row)).local_table
                after = {column.name: encoder(column)(_value(row, column.name, column)) for column in journalled(table)}
                self._merge(table, row.id, Action.INSERT, {}, {k: v for k, v in after.items() if v not in (None, "")})
        for row in session.dirty:
            if isinstance(row, Record) and session.is_modified(row):
                self._note_update(row)

    def _note_update(self, row: Record) -> None:
        table = inspect(type(row)).local_table
        state = inspect(row)
        before, after = {}, {}
        for column in journalled(table):
            history = state.attrs[column.key].history
            if history.added and history.deleted and history.added[0] != history.deleted[0]:
                before[column.name] = encoder(column)(history.deleted[0])
                after[column.name] = encoder(column)(history.added[0])
        if after:
            row.version += 1
            row.updated_at = self.now
            self._merge(table, row.id, Action.UPDATE, before, after)

    def _merge(self, table: Table, row_id: int, action: Action, before: dict[str, Any], after: dict[str, Any]) -> None:
        self._ids[table.name].add(row_id)
        self._to_derive[table.name].add(row_id)
        noted = self._noted.get((table, row_id))
        if noted is None:
            self._noted[table, row_id] = _Noted(action, before, after)
            return
        if noted.action == Action.UPDATE:
            for key, value in before.items():
                noted.before.setdefault(key, value)
        noted.after.update(after)

    def moves(self, model: type[Record], column: str) -> dict[int, tuple[Any, Any]]:
        """By id, from which stored value to which this column went in rows that were there before."""
        self.session.flush()
        table = inspect(model).local_table
        return {
            row_id: (noted.before[column], noted.after[column])
            for (of, row_id), noted in self._noted.items()
            if of is table and noted.action == Action.UPDATE and column in noted.before
            and noted.before[column] != noted.after.get(column)
        }  # fmt: skip

    @property
    def changes(self) -> Changes:
        """What has changed so far."""
        self.session.flush()
        return _as_changes(self._ids)

    def finish(
        self, title: str, kind: StepKind, derivations: Iterable[Derivation], *, of_step: int | None = None
    ) -> StepInfo | None:
        """Flush, derive, and write the journal; None where nothing changed."""
        self.session.flush()
        changes = _as_changes(self._to_derive)
        self._drop_unchanged()
        if not self._noted and not self._bulk:
            return None
        for derive in derivations:
            derive(self.connection, changes, self.today)
        row = {
            "id": self.step_id, "kind": kind, "title": title, "params": self._params, "at": self.now,
            "undone": False, "stale": False, "of_step": of_step,
        }  # fmt: skip
        if kind in (StepKind.COMMAND, StepKind.IMPORT, StepKind.PURGE):
            self.connection.execute(Step.__table__.update().where(Step.undone).values(stale=True))  # type: ignore[attr-defined]
        self.connection.execute(Step.__table__.insert(), row)  # type: ignore[attr-defined]
        entries = [
            {
                "entity": table.name, "entity_id": row_id, "action": noted.action,
                "before": noted.before, "after": noted.after, "ids": None,
            }
            for (table, row_id), noted in self._noted.items()
        ] + [{"entity_id": None, **bulk} for bulk in self._bulk]  # fmt: skip
        for entry in entries:
            entry |= {"id": new_id(), "step_id": self.step_id}
        self.connection.execute(Change.__table__.insert(), entries)  # type: ignore[attr-defined]
        return StepInfo(self.step_id, title, dict(self._params))

    def _drop_unchanged(self) -> None:
        """Forget updates that ended where they began."""
        for key, noted in list(self._noted.items()):
            if noted.action == Action.UPDATE and all(noted.after.get(k) == v for k, v in noted.before.items()):
                del self._noted[key]


def _as_changes(ids: Mapping[str, set[int]]) -> Changes:
    return Changes({entity: frozenset(own) for entity, own in ids.items() if own})


def _encoded(values: list[Any], encode: Encoder) -> list[Any]:
    """Values as the driver wants them; most are that already."""
    return values if encode is unchanged else list(map(encode, values))


def _goes_without_saying(column: Column[Any], values: list[Any]) -> bool:
    """Whether each of these stored values is what the table gives a row that does not name the column."""
    if (column.default is None) is not (column.server_default is None):
        return False
    own = None if column.default is None else driver_encoder(column)(_default(column))
    return values.count(own) == len(values)


def _next_step(connection: Connection) -> int:
    """An id above that of every step: undo goes by this order, whichever process and clock the steps came from."""
    last = connection.scalar(select(func.max(Step.id))) or 0
    return max(new_id(), last + 1)


_OWNERS: dict[str, list[tuple[type[Any], Any]]] = {}


def owners_of() -> Mapping[str, list[tuple[type[Any], Any]]]:
    """By table: the models whose rows belong to its rows, with the column that says so."""
    if not _OWNERS:
        for model in RECORDS:
            for column in model.__table__.columns:
                if column.info.get("owner"):
                    (key,) = column.foreign_keys
                    _OWNERS.setdefault(key.column.table.name, []).append((model, getattr(model, column.name)))
    return _OWNERS


def owner_columns(table: Table) -> list[Any]:
    """The columns of a table that name the row which its rows belong to."""
    return [column for column in table.columns if column.info.get("owner")]


def _belongs(row: Record, top: Record, session: Session) -> bool:
    """Whether ``row`` belongs to ``top``, however deep."""
    if row is top:
        return True
    for column in owner_columns(inspect(type(row)).local_table):
        (key,) = column.foreign_keys
        model = next(m for m in RECORDS if m.__table__ is key.column.table)
        owner_id = getattr(row, column.name)
        owner = session.get(model, owner_id) if owner_id is not None else None
        if owner is not None and _belongs(owner, top, session):
            return True
    return False


def _default(column: Any) -> Any:
    default = column.default
    return default.arg(None) if default.is_callable else default.arg


def _value(row: Record, key: str, column: Any) -> Any:
    value = getattr(row, key)
    if value is None and column.default is not None:
        value = _default(column)
        setattr(row, key, value)
    return value
