"""The place where files come in: choose or drop one, review it, take it in; what came in before and what waits."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.accounts.peek import AccountPeek
from csdesk.ui.core.actions import Action
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.page import Args, Crumb, Page
from csdesk.ui.core.parts import Button, Card, EmptyState, Label, MessageBar, PageHead
from csdesk.ui.core.theme import px
from csdesk.ui.handover import SUFFIXES
from csdesk.ui.handover.imports import take_back
from csdesk.ui.handover.password import PasswordDialog
from csdesk.ui.handover.review import ReviewView
from csdesk.ui.handovers.wording import handover_badge

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.handover.queries import ImportRow, WaitingHandover
    from csdesk.services.handover.reviewing import Review
    from csdesk.ui.core.context import Context

PASSWORD_TRIES = 3


class HandoverPage(Page):
    """Start (choose a file, what came before) or the review of one file; several files wait in a row."""

    key = "handover"
    entities = frozenset({"imports", "handovers", "accounts"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._waiting: list[str] = []
        self._tries = 0
        column = self.column()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._start())
        self.review = ReviewView(context)
        self.review.left.connect(self._leave_review)
        self.review.imported.connect(self._imported)
        self._stack.addWidget(self.review)
        column.addWidget(self._stack)
        self.peek = AccountPeek(context, self)
        self.peek.opened.connect(self._open_account)
        self.peek.closed.connect(self.handovers.setFocus)
        self.handovers.peeked.connect(self._peek_account)
        self.handovers.chosen.connect(self._follow_account)

    def _start(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        self.head = PageHead(_("Import & handover"))
        choose = Button(_("Choose a file"), "import", "Ctrl+O", "primary")
        choose.clicked.connect(self.choose)
        self.head.add_action(choose)
        column.addWidget(self.head)
        self._failed = QVBoxLayout()
        column.addLayout(self._failed)
        zone = EmptyState(
            _("Drop a handover workbook here"),
            _(
                "Excel, CSV or OpenDocument, in whatever layout sales uses. You see everything before anything is written."
            ),
            normal=_("Choose a file"),
            icon="sheet",
        )
        zone.chosen.connect(self.choose)
        zone.setFixedHeight(px(150))
        column.addWidget(zone)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        self.imports = LinesView(_("Imports so far"), 104)
        self.imports.menu_wanted.connect(self._import_menu)
        self.imports.opened.connect(self._import_opened)
        self.handovers = LinesView(_("Handovers that wait"), 104)
        self.handovers.opened.connect(self._handover_opened)
        self.handovers.menu_wanted.connect(self._handover_menu)
        self._cards: list[tuple[Card, LinesView, Label]] = []
        for title, link, view, nothing in (
            (_("Imports so far"), _("As a list"), self.imports, _("Nothing was imported yet.")),
            (_("Handovers that wait"), _("All handovers"), self.handovers, _("No handover waits for you.")),
        ):
            card = Card(title, link, padded=False)
            card.linked.connect(self._all_handovers if view is self.handovers else self._all_imports)
            empty = Label(nothing, ink="muted", wrap=True)
            empty.setContentsMargins(px(16), 0, px(16), px(16))
            card.add(empty)
            card.add(view, 1)
            self._cards.append((card, view, empty))
            row.addWidget(card, 1)
        column.addLayout(row, 1)
        return page

    def arrive(self, args: Args) -> None:
        self.refresh()
        files = [str(path) for path in args.get("files", [])]
        if files:
            self.take(files)
        elif args.get("choose"):
            self.choose()

    def refresh(self) -> None:
        self.peek.refresh()
        self.context.runner.ask(_lists, self.context.clock.today(), then=self._fill, owner=self)

    def _fill(self, lists: tuple[list[ImportRow], list[WaitingHandover]]) -> None:
        imports, waiting = lists
        today = self.context.clock.today()
        self.imports.set_lines([_import_line(row, today) for row in imports])
        self.handovers.set_lines([_handover_line(row, today) for row in waiting])
        for (card, view, none), count in zip(self._cards, (len(imports), len(waiting)), strict=True):
            view.setVisible(count > 0)
            none.setVisible(count == 0)
            card.body.setStretchFactor(none, 0 if count else 1)

    def choose(self) -> None:
        """Ask for files."""
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        paths, _kind = QFileDialog.getOpenFileNames(
            self.window(), _("Choose a handover workbook"), "", _("Workbooks ({kinds})").format(kinds=kinds)
        )
        if paths:
            self.take(paths)

    def take(self, paths: list[str]) -> None:
        """Review these files one after the other."""
        self._waiting += paths
        if self._stack.currentIndex() == 0:
            self._next()

    def _next(self) -> None:
        if self._waiting:
            self._tries = 0
            self._open(Path(self._waiting.pop(0)), None)

    def _open(self, path: Path, password: str | None) -> None:
        from csdesk.services.handover.reviewing import open_review

        self._clear_failed()

        def read(desk: Desk, progress: Progress) -> Review:
            return open_review(desk, path, progress, password)

        def failed(error: BaseException) -> None:
            self._not_read(path, error)

        title = _("Reading {file}").format(file=path.name)
        self.context.runner.work(read, self._show_review, title, failed=failed)

    def _not_read(self, path: Path, error: BaseException) -> None:
        from csdesk.services.core.errors import DeskError, Problems

        protected = isinstance(error, Problems) and error.problems[0].code in ("encrypted", "wrong_password")
        if protected and self._tries < PASSWORD_TRIES:
            self._ask_password(path, str(error))
            return
        if not isinstance(error, DeskError):
            raise error
        bar = MessageBar(f"{path.name}: {error}", "error", ((_("Choose another file"), self.choose),), closable=True)
        bar.closed.connect(self._clear_failed)
        self._clear_failed()
        self._failed.addWidget(bar)
        self._next()

    def _ask_password(self, path: Path, reason: str) -> None:
        self._tries += 1

        def given(password: str) -> None:
            self._open(path, password)

        dialog = PasswordDialog(reason, given, self.window())
        dialog.rejected.connect(self._next)
        dialog.open()

    def _clear_failed(self) -> None:
        empty(self._failed)

    def _show_review(self, review: Review) -> None:
        self.peek.close_up()
        self.review.show_review(review)
        self._stack.setCurrentIndex(1)
        self.review.focus_first()
        self.crumbs_changed.emit()
        self.actions_changed.emit()

    def _leave_review(self) -> None:
        self._stack.setCurrentIndex(0)
        self.crumbs_changed.emit()
        self.actions_changed.emit()
        self._next()

    def _imported(self, sentence: str) -> None:
        self._leave_review()
        bar = MessageBar(sentence, "sample", ((_("Look at the accounts"), self._accounts),), closable=True)
        bar.closed.connect(self._clear_failed)
        self._clear_failed()
        self._failed.addWidget(bar)

    def _accounts(self) -> None:
        self.context.go.to("accounts")

    def crumbs(self) -> tuple[Crumb, ...]:
        if self._stack.currentIndex() == 1 and self.review.review is not None:
            return (Crumb(self.review.review.path.name),)
        return ()

    def focus_first(self) -> None:
        if self._stack.currentIndex() == 1:
            self.review.focus_first()
        else:
            self.imports.setFocus()

    def page_actions(self) -> list[Action]:
        actions = [
            Action(
                "handover.undo", N_("Take this import back"), self._undo_current, "undo", "", "edit", (self.key,), 3
            ),
            Action("handover.accept", N_("Accept handover"), self._accept, "check", "", "account", (self.key,), 3),
        ]
        return actions + (self.review.review_actions() if self._stack.currentIndex() == 1 else [])

    def _all_imports(self) -> None:
        self.context.go.to("imports")

    def _import_menu(self, _key: object, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(_("Take this import back")).triggered.connect(self._undo_current)
        menu.popup(place)

    def _import_opened(self, key: Any) -> None:
        self._undo_current()

    def _undo_current(self) -> None:
        key = self.imports.current_key()
        if isinstance(key, int):
            take_back(self.context, key)

    def _handover_opened(self, key: Any) -> None:
        if isinstance(key, tuple):
            self._open_account(key[1])

    def _open_account(self, account: int) -> None:
        self.context.go.to("accounts", id=account, tab="handover")

    def _peek_account(self, key: tuple[int, int]) -> None:
        self.peek.turn(key[1])

    def _follow_account(self, key: tuple[int, int]) -> None:
        self.peek.follow(key[1])

    def _handover_menu(self, _key: object, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(_("Open the account")).triggered.connect(self._open_handover)
        menu.addAction(_("Accept handover")).triggered.connect(self._accept)
        menu.addAction(_("Ask sales…")).triggered.connect(self._question)
        menu.addAction(_("Return to sales…")).triggered.connect(self._return)
        menu.popup(place)

    def _all_handovers(self) -> None:
        self.context.go.to("handovers")

    def _open_handover(self) -> None:
        self._handover_opened(self.handovers.current_key())

    def _accept(self) -> None:
        from csdesk.models.vocabulary import HandoverState

        self._decide(HandoverState.ACCEPTED)

    def _question(self) -> None:
        from csdesk.models.vocabulary import HandoverState

        self._decide(HandoverState.QUESTIONED)

    def _return(self) -> None:
        from csdesk.models.vocabulary import HandoverState

        self._decide(HandoverState.RETURNED)

    def _decide(self, state: Any) -> None:
        from csdesk.services.handover.records import record

        key, today = self.handovers.current_key(), self.context.clock.today()
        if isinstance(key, tuple):
            self.context.runner.ask(record, key[0], today, then=partial(self._decide_read, state), owner=self)

    def _decide_read(self, state: Any, record: Any) -> None:
        from csdesk.ui.handovers.forms import decide

        if record is not None:
            decide(self.context, record, state, self)


def _lists(connection: Any, today: Any) -> tuple[list[Any], list[Any]]:
    from csdesk.services.handover.queries import handovers_waiting, import_history

    return import_history(connection), handovers_waiting(connection, today, 200)


def _import_line(row: ImportRow, today: Any) -> Line:
    counts = row.counts.get("rows", row.counts)
    words = [
        ngettext("{n} row new", "{n} rows new", counts.get("new", 0)).format(n=counts.get("new", 0)),
        ngettext("{n} updated", "{n} updated", counts.get("updated", 0)).format(n=counts.get("updated", 0)),
        ngettext("{n} refused", "{n} refused", counts.get("refused", 0)).format(n=counts.get("refused", 0)),
    ]
    badge = (Badge(_("taken back"), "neutral"),) if row.undone_at is not None else ()
    return Line(
        row.id, row.file_name, " \u00b7 ".join(words), left=formats.moment_near(row.imported_at, today), badges=badge,
        muted=row.undone_at is not None,
    )  # fmt: skip


def _handover_line(row: WaitingHandover, today: Any) -> Line:
    badge = handover_badge(row.state)
    late = (Badge(_("Contract runs already"), "warn"),) if row.started else ()
    days = (today - row.received_on).days if row.received_on else 0
    waits = ngettext("waits for {n} day", "waits for {n} days", days).format(n=days)
    return Line(
        (row.id, row.account_id), row.short_name or row.account, waits, left=formats.day_near(row.received_on, today),
        badges=(Badge(badge.text, badge.tone), *late),
    )  # fmt: skip
