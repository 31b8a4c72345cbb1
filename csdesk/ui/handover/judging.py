"""Judges a review again after answers, beside the UI thread: several quick ones together, the newest always counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from csdesk.services.core.texts import _

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.handover.reviewing import Answers, Review
    from csdesk.ui.core.context import Context

WAIT_MS = 60


class Judging(QObject):
    """Holds what was answered so far. ``judged`` gives the review of the newest answers, ``refused`` the reason why none."""

    judged = Signal(object)
    refused = Signal(str)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.review: Review | None = None
        self.answers: Answers | None = None
        self._under_way = False
        self._before: list[Answers] = []
        self._timer = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._timer.timeout.connect(self._judge)

    def begin(self, review: Review | None) -> None:
        """Another file, or none."""
        self.review, self.answers = review, review.answers if review is not None else None
        self._before = []
        self._timer.stop()

    @property
    def is_settled(self) -> bool:
        """Whether the review shows the newest answers."""
        return self.review is None or (self.review.answers == self.answers and not self._under_way)

    def give(self, answers: Answers) -> None:
        """Answer something; judged in a moment."""
        if self.answers is not None and answers != self.answers:
            self._before.append(self.answers)
            self.answers = answers
            self._timer.start()

    def take_back(self) -> None:
        """The last answer was wrong."""
        if self._before:
            self.answers = self._before.pop()
            self._timer.start()

    @property
    def can_take_back(self) -> bool:
        """Whether anything was answered."""
        return bool(self._before)

    def _judge(self) -> None:
        review, answers = self.review, self.answers
        if review is None or answers is None or self._under_way:
            return
        self._under_way = True

        def judge(desk: Desk, progress: Progress) -> Review:
            from csdesk.services.handover.reviewing import answer

            return answer(desk, review, answers, progress)

        self._context.runner.work(judge, self._came, _("Judging the rows again"), failed=self._failed)

    def _came(self, review: Review) -> None:
        self._under_way = False
        if self.review is None or self.review.workbook is not review.workbook:
            return
        self.review = review
        if review.answers != self.answers:
            self._timer.start()
        self.judged.emit(review)

    def _failed(self, error: BaseException) -> None:
        from csdesk.services.core.errors import DeskError

        self._under_way = False
        if not isinstance(error, DeskError):
            raise error
        if self.review is not None:
            self.answers = self.review.answers
            self._before = self._before[:-1]
        self.refused.emit(str(error))
