"""The desk: the store, the clock and the folders, and the only two doors to the data: ``read`` and ``do``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from csdesk.models.database import Database
from csdesk.models.vocabulary import N_, StepKind
from csdesk.services.core import undo
from csdesk.services.core.changes import Changes
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import Conflict
from csdesk.services.core.faults import point
from csdesk.services.core.progress import Progress
from csdesk.services.core.storage_errors import storage_errors
from csdesk.services.core.texts import _
from csdesk.services.core.undo import Reversal
from csdesk.services.core.unit_of_work import CommandFunction, Consequence, Derivation, StepInfo, UnitOfWork

C = TypeVar("C")
V = TypeVar("V")


@dataclass(frozen=True)
class Done(Generic[V]):
    """What came of a command: its value, what it changed, the step that undoes it (None where nothing changed)."""

    value: V
    changes: Changes
    step: StepInfo | None
    can_be_undone: bool = True


class Desk:
    """An open store with everything a service needs. Safe to use from several threads; writes go one at a time."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        derivations: tuple[Derivation, ...] = (),
        consequences: tuple[Consequence, ...] = (),
    ) -> None:
        self.database = database
        self.clock = clock
        self.derivations = derivations
        self.consequences = consequences
        self.saved_at: datetime | None = None
        self._seen = database.data_version()
        self._outside = False
        self._writing = threading.RLock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot of the store that cannot write."""
        with storage_errors(self.database.path), self.database.read() as connection:
            yield connection

    def do(
        self,
        function: CommandFunction[C, V],
        command: C,
        *,
        progress: Progress | None = None,
        confirmed: Collection[str] = (),
    ) -> Done[V]:
        """Run a command in one unit of work: all of it is stored, journalled and undoable, or nothing happened.

        Raises Problems, NeedsConfirmation, Conflict, StorageError, Cancelled.
        """
        with self._work(progress, confirmed) as uow:
            value = function(uow, command)
            for entail in self.consequences:
                entail(uow, function.kind)
            changes = uow.changes
            point("command.written")
            step = uow.finish(function.title, function.kind, self.derivations)
            point("command.journalled")
        point("command.committed")
        self.saved_at = self.clock.now()
        return Done(value, changes, step, function.kind != StepKind.PURGE)

    def rehearse(
        self,
        function: CommandFunction[C, V],
        command: C,
        *,
        progress: Progress | None = None,
        confirmed: Collection[str] = (),
    ) -> V:
        """Run a command for real and roll it back: its value is what ``do`` would return. Nothing is stored."""
        value: V
        with storage_errors(self.database.path), self._writing, self.database.write() as connection:
            attempt = connection.begin_nested()
            try:
                uow = UnitOfWork(connection, self.clock, progress, confirmed)
                value = function(uow, command)
                uow.session.flush()
            finally:
                attempt.rollback()
        return value

    def undo(self) -> Done[Reversal]:
        """Take the last step back. Raises Conflict where there is none or a later change stands in the way."""
        return self._turn(undo.next_undo, undo.take_back, StepKind.UNDO, N_("Undone: {step}"))

    def redo(self) -> Done[Reversal]:
        """Do the step again that was taken back last."""
        return self._turn(undo.next_redo, undo.do_again, StepKind.REDO, N_("Done again: {step}"))

    def undo_step(self, step_id: int, *, keep_edited: bool = False) -> Done[Reversal]:
        """Take one particular step back, wherever it stands; ``keep_edited`` leaves rows that were edited since."""
        from csdesk.services.core.history import step_info

        def named(connection: Connection) -> StepInfo | None:
            return step_info(connection, step_id)

        def take(uow: UnitOfWork, _step: int) -> Reversal:
            return undo.take_back(uow, step_id, keep_edited=keep_edited)

        return self._turn(named, take, StepKind.UNDO, N_("Undone: {step}"))

    def redo_step(self, step_id: int) -> Done[Reversal]:
        """Do one particular step again that was taken back; rows that were edited since stay as they are."""
        from csdesk.services.core.history import step_info

        def named(connection: Connection) -> StepInfo | None:
            return step_info(connection, step_id)

        def again(uow: UnitOfWork, _step: int) -> Reversal:
            return undo.do_again(uow, step_id, keep_edited=True)

        return self._turn(named, again, StepKind.REDO, N_("Done again: {step}"))

    def rehearse_undo(self, step_id: int) -> Reversal:
        """What taking one step back would do, keeping what was edited since. Nothing is stored."""
        with storage_errors(self.database.path), self._writing, self.database.write() as connection:
            attempt = connection.begin_nested()
            try:
                return undo.take_back(UnitOfWork(connection, self.clock), step_id, keep_edited=True)
            finally:
                attempt.rollback()

    def _turn(
        self,
        find: Callable[[Connection], StepInfo | None],
        turn: Callable[[UnitOfWork, int], Reversal],
        kind: StepKind,
        title: str,
    ) -> Done[Reversal]:
        with self._work(None, ()) as uow:
            step = find(uow.connection)
            if step is None:
                raise Conflict(
                    _("There is nothing to take back.") if kind == StepKind.UNDO else _("There is nothing to do again.")
                )
            uow.name(step=step.text)
            reversal = turn(uow, step.id)
            changes = uow.changes
            uow.finish(title, kind, self.derivations, of_step=step.id)
        self.saved_at = self.clock.now()
        return Done(reversal, changes, step)

    def maintain(self, function: Callable[[Connection], V]) -> V:
        """Write derived columns or facts about the file: neither journalled nor undoable, and nothing a person typed."""
        with self._transaction() as connection:
            return function(connection)

    @contextmanager
    def _work(self, progress: Progress | None, confirmed: Collection[str]) -> Iterator[UnitOfWork]:
        with self._transaction() as connection:
            uow = UnitOfWork(connection, self.clock, progress, confirmed)
            try:
                yield uow
            finally:
                uow.session.expunge_all()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """The write lock; notes whether another process has committed since we looked last."""
        with storage_errors(self.database.path), self._writing:
            with self.database.write() as connection:
                self._look()
                yield connection
            self._seen = self.database.data_version()

    def _look(self) -> None:
        version = self.database.data_version()
        self._outside = self._outside or version != self._seen
        self._seen = version

    def changed_outside(self) -> bool:
        """Whether another process has written to the store since this was asked last."""
        if not self._writing.acquire(blocking=False):
            return False
        try:
            self._look()
            outside, self._outside = self._outside, False
            return outside
        finally:
            self._writing.release()

    def next_steps(self) -> tuple[StepInfo | None, StepInfo | None]:
        """What undo and redo would do now."""
        with self.read() as connection:
            return undo.next_undo(connection), undo.next_redo(connection)

    def close(self) -> None:
        """Close all connections."""
        self.database.close()


AnyCommand = CommandFunction[Any, Any]
