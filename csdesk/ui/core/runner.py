"""Carries work off the UI thread: readings on two threads, commands on the one writer thread, answers back in order.

Only the newest answer to a question counts, and only while the one who asked is alive.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from csdesk.services.core.errors import Cancelled, Conflict, NeedsConfirmation, Problems, StorageError
from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import _
from csdesk.ui.core.sweeping import Sweeper

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk, Done
    from csdesk.ui.core.messages import Messages

C = TypeVar("C")
V = TypeVar("V")
WATCH_MS = 2_000
STORAGE_BAR = "storage"


@dataclass
class _Answer:
    deliver: Callable[[Any], object]
    value: Any = None
    error: BaseException | None = None
    failed: Callable[[BaseException], object] | None = None
    wanted: Callable[[], bool] | None = None


class Runner(QObject):
    """The way from a screen to the desk. All methods are called on the UI thread and return at once.

    ``changed`` gives the Changes of each command, of undo, and EVERYTHING where another process has written; ``saved``
    follows each write; ``busy`` tells whether a command is under way. ``asked`` counts the questions.
    """

    changed = Signal(object)
    saved = Signal(object)
    busy = Signal(bool)
    _answered = Signal(object)

    def __init__(self, desk: Desk, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk, self._messages = desk, messages
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="reader")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self.asked = 0
        self._newest: dict[tuple[int, str], int] = {}
        self._open = True
        self._writing = 0
        self._sweeper = Sweeper(self)
        self._works: set[Progress] = set()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._watch = QTimer(self, interval=WATCH_MS)
        self._watch.timeout.connect(self._look_at_store)
        self._watch.start()

    def ask(
        self,
        function: Callable[..., V],
        *args: Any,
        then: Callable[[V], object],
        owner: QObject,
        failed: Callable[[BaseException], object] | None = None,
        key: str = "",
    ) -> None:
        """Run ``function(connection, *args)`` on a reader thread, then ``then(result)`` here.

        Dropped where ``owner`` is gone or has asked the same (same function, or same ``key``) again meanwhile; a question
        that nobody waits for any more is not even put to the store.
        """
        question = (id(owner), key or f"{function.__module__}.{getattr(function, '__qualname__', repr(function))}")
        number = self._newest[question] = self.asked = self.asked + 1

        def wanted() -> bool:
            return isValid(owner) and self._newest.get(question) == number

        def deliver(value: Any) -> None:
            del self._newest[question]
            then(value)

        def read() -> V:
            with self.desk.read() as connection:
                return function(connection, *args)

        self._submit(self._readers, read, _Answer(deliver, failed=failed, wanted=wanted))

    def do(
        self,
        function: Any,
        command: Any,
        then: Callable[[Any], object] | None = None,
        failed: Callable[[tuple[Any, ...]], object] | None = None,
        *,
        toast: bool = True,
        confirmed: Collection[str] = (),
    ) -> None:
        """Send a command to the writer thread; ``then(done)`` once it is stored.

        Problems go to ``failed`` as a tuple (a message bar without it); a question is asked and the command repeated.
        """

        def delivered(done: Done[Any]) -> None:
            self._wrote(done, toast)
            if then is not None:
                then(done)

        def refused(error: BaseException) -> None:
            if isinstance(error, NeedsConfirmation):
                self._confirm(error, function, command, then, failed, toast, confirmed)
            elif isinstance(error, Problems) and failed is not None:
                failed(error.problems)
            else:
                self._tell(error, again)

        def again() -> None:
            self.do(function, command, then, failed, toast=toast, confirmed=confirmed)

        def write() -> Done[Any]:
            return self.desk.do(function, command, confirmed=confirmed)

        self._count(1)
        self._submit(self._writer, write, _Answer(self._after(delivered), failed=self._after(refused)))

    def work(
        self,
        function: Callable[[Desk, Progress], V],
        then: Callable[[V], object],
        title: str,
        *,
        failed: Callable[[BaseException], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        writes: bool = True,
    ) -> Progress:
        """Run long work ``function(desk, progress)``; its card shows after half a second and can be cancelled.

        A ``Done`` that comes back is announced like that of a command. Of work that was cancelled only ``cancelled`` is
        told.
        """
        progress = Progress()
        self._works.add(progress)
        self._messages.follow(progress, title)
        self._sweeper.pause()

        def over() -> None:
            self._works.discard(progress)
            self._messages.unfollow(progress)
            self._sweeper.resume()

        def delivered(value: Any) -> None:
            over()
            if hasattr(value, "changes") and hasattr(value, "step"):
                self._wrote(value, toast=True)
            then(value)

        def refused(error: BaseException) -> None:
            over()
            if isinstance(error, Cancelled):
                if cancelled is not None:
                    cancelled()
                return
            if failed is not None:
                failed(error)
            else:
                self._tell(error)

        pool = self._writer if writes else self._readers
        self._count(1)
        answer = _Answer(self._after(delivered), failed=self._after(refused))
        self._submit(pool, lambda: function(self.desk, progress), answer)
        return progress

    @property
    def is_busy(self) -> bool:
        """Whether a command or long work is under way."""
        return self._writing > 0

    def undo(self) -> None:
        """Take the last step back."""
        self._turn(self.desk.undo, _("Undone: {step}"))

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self._turn(self.desk.redo, _("Done again: {step}"))

    def undo_step(self, step_id: int) -> None:
        """Take one particular step back: what a toast's Undo does."""
        self._turn(lambda: self.desk.undo_step(step_id), _("Undone: {step}"))

    def announce(self, done: Done[Any], *, toast: bool = True) -> None:
        """Tell all screens of a write that happened beside the runner."""
        self._wrote(done, toast)

    def close(self) -> None:
        """Take no more work, let a running command finish, forget what waits."""
        self._open = False
        self._watch.stop()
        for progress in self._works:
            progress.cancel()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True, cancel_futures=False)
        self._sweeper.stop()

    def _turn(self, function: Callable[[], Done[Any]], sentence: str) -> None:
        def delivered(done: Done[Any]) -> None:
            self._wrote(done, toast=False)
            if done.step is not None:
                self._messages.toast(sentence.format(step=done.step.text))

        self._count(1)
        self._submit(self._writer, function, _Answer(self._after(delivered), failed=self._after(self._tell)))

    def _wrote(self, done: Done[Any], toast: bool) -> None:
        self._messages.clear(STORAGE_BAR)
        if done.changes:
            self.changed.emit(done.changes)
        self.saved.emit(self.desk.saved_at)
        if toast and done.step is not None:
            step = done.step.id
            self._messages.toast(done.step.text, undo=(lambda: self.undo_step(step)) if done.can_be_undone else None)

    def _confirm(
        self,
        question: NeedsConfirmation,
        function: Any,
        command: Any,
        then: Callable[[Any], object] | None,
        failed: Callable[[tuple[Any, ...]], object] | None,
        toast: bool,
        confirmed: Collection[str],
    ) -> None:
        def repeat() -> None:
            self.do(function, command, then, failed, toast=toast, confirmed={*confirmed, question.key})

        self._messages.ask(question.verb, question.sentence, question.verb, repeat, danger=question.danger)

    def _tell(self, error: BaseException, again: Callable[[], object] | None = None) -> None:
        """Put the world's errors into a bar, with a way to try again; ours go on to the crash dialog."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, StorageError | Conflict | Problems):
            failing = isinstance(error, StorageError)
            actions = ((_("Try again"), again),) if failing and again is not None else ()
            self._messages.bar("", str(error), "error" if failing else "warn", actions, STORAGE_BAR)
            return
        sys.excepthook(type(error), error, error.__traceback__)

    def _submit(self, pool: ThreadPoolExecutor, job: Callable[[], Any], answer: _Answer) -> None:
        if not self._open:
            return

        def run() -> None:
            if answer.wanted is not None and not answer.wanted():
                return
            try:
                answer.value = job()
            except BaseException as error:  # noqa: BLE001  carried to the UI thread, where it is told
                answer.error = error
            if self._open and isValid(self):
                self._answered.emit(answer)

        pool.submit(run)

    def _deliver(self, answer: _Answer) -> None:
        if answer.wanted is not None and not answer.wanted():
            return
        if answer.error is None:
            answer.deliver(answer.value)
        elif answer.failed is not None:
            answer.failed(answer.error)
        else:
            self._tell(answer.error)

    def _after(self, then: Callable[[Any], object]) -> Callable[[Any], object]:
        def finished(value: Any) -> None:
            self._count(-1)
            then(value)

        return finished

    def _count(self, by: int) -> None:
        before, self._writing = self._writing > 0, self._writing + by
        if before != (self._writing > 0):
            self.busy.emit(self._writing > 0)

    def _look_at_store(self) -> None:
        self.ask(self._ask_store, then=self._heard, owner=self)

    def _ask_store(self, _connection: object) -> bool:
        return self.desk.changed_outside()

    def _heard(self, outside: bool) -> None:
        from csdesk.services.core.changes import EVERYTHING

        if outside:
            self.changed.emit(EVERYTHING)
