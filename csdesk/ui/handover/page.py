"""The place where files come in: choose, drop or paste one, go through its steps, take it in; what came in before, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedWidget, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.accounts.peek import AccountPeek
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Args, Crumb, Page
from csdesk.ui.handover import SUFFIXES
from csdesk.ui.handover.columns import ColumnsView
from csdesk.ui.handover.early import EarlyView
from csdesk.ui.handover.imports import take_back, take_in_again
from csdesk.ui.handover.password import PasswordDialog
from csdesk.ui.handover.result import ResultView
from csdesk.ui.handover.review import ReviewView
from csdesk.ui.handover.sheets import SheetsView
from csdesk.ui.handover.start import StartView
from csdesk.ui.handover.steps import COLUMNS, FILE, REVIEW, SHEETS

if TYPE_CHECKING:
    from collections.abc import Callable

    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.files.workbook import Workbook
    from csdesk.services.handover.queries import ImportDetails, ImportRow, WaitingHandover
    from csdesk.services.handover.recipe import Recipe
    from csdesk.services.handover.report import ImportReport
    from csdesk.services.handover.reviewing import Answers, FirstLook, Opened, Review
    from csdesk.ui.core.context import Context

PASSWORD_TRIES = 3


@dataclass(frozen=True)
class NoHandover:
    """A file that belongs to another feature; not ``sure``: the user is asked first."""

    path: Path
    place: str
    sure: bool = True


class HandoverPage(Page):
    """Start, then the steps of one file: sheets, columns, review, result. Several files wait in a row."""

    key = "handover"
    entities = frozenset({"imports", "handovers", "accounts"})
    _looked = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._waiting: list[str] = []
        self._tries = 0
        self._opened: Opened | None = None
        self._recipe: Recipe | None = None
        self._shown_import: int | None = None
        self._reading: Progress | None = None
        column = self.column()
        self._stack = QStackedWidget()
        self.start = StartView(context)
        self.early = EarlyView()
        self.review = ReviewView(context)
        self.sheets = SheetsView(context)
        self.columns = ColumnsView(context)
        self.result = ResultView(context)
        for view in (self.start, self.early, self.review, self.sheets, self.columns, self.result):
            self._stack.addWidget(view)
        column.addWidget(self._stack)
        self.imports, self.handovers = self.start.imports, self.start.handovers
        self.peek = AccountPeek(context, self)
        self.peek.opened.connect(self._open_account)
        self.peek.closed.connect(self.handovers.setFocus)
        self._wire()

    def _wire(self) -> None:
        self.start.choose_wanted.connect(self.choose)
        self.start.paste_wanted.connect(self.paste)
        self.start.import_opened.connect(self._open_import)
        self.start.import_menu.connect(self._import_menu)
        self.start.handover_opened.connect(self._handover_opened)
        self.start.handover_menu.connect(self._handover_menu)
        self.start.imports_wanted.connect(self._all_imports)
        self.start.handovers_wanted.connect(self._all_handovers)
        self.handovers.peeked.connect(self._peek_account)
        self.handovers.chosen.connect(self._follow_account)
        self._looked.connect(self._look_early)
        self.early.stopped.connect(self._stop_reading)
        self.review.left.connect(self._leave_file)
        self.review.imported.connect(self._imported)
        self.sheets.agreed.connect(self._sheets_agreed)
        self.sheets.encoding_wanted.connect(self._read_as)
        self.columns.agreed.connect(self._columns_agreed)
        for view in (self.review, self.sheets, self.columns):
            view.step_wanted.connect(self._to_step)
        self.result.left.connect(self._leave_result)
        self.result.again_wanted.connect(self._run_again)
        self.result.back_wanted.connect(partial(take_back, self.context))
        self.result.forth_wanted.connect(partial(take_in_again, self.context))

    def arrive(self, args: Args) -> None:
        self.refresh()
        files = [str(path) for path in args.get("files", [])]
        if files:
            self.take(files)
        elif "import" in args and self._opened is None:
            self._ask_import(int(args["import"]), False)
        elif args.get("paste"):
            self.paste()
        elif args.get("choose"):
            self.choose()

    def refresh(self) -> None:
        self.peek.refresh()
        self.context.runner.ask(_lists, self.context.clock.today(), then=self._fill, owner=self)
        if self._stack.currentWidget() is self.result and self._shown_import is not None:
            self._ask_import(self._shown_import, self.result.steps.isVisible())

    def _fill(self, lists: tuple[list[ImportRow], list[WaitingHandover]]) -> None:
        self.start.fill(*lists)

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
        if self._stack.currentWidget() in (self.start, self.result):
            self._next()

    def paste(self) -> None:
        """Review the table on the clipboard."""
        data: QMimeData | None = QGuiApplication.clipboard().mimeData()
        text, html = (data.text(), data.html() if data.hasHtml() else "") if data is not None else ("", "")
        if self._stack.currentWidget() not in (self.start, self.result):
            return
        if not text.strip() and "<table" not in html.casefold():
            self.context.messages.toast(_("There is no table on the clipboard. Copy some cells first."))
            return

        def read(desk: Desk, progress: Progress) -> Any:
            from csdesk.services.files.reading import read_pasted

            book = read_pasted(text, html, progress=progress)
            return _opened(desk, book.path, progress, None, None, book)

        self.start.clear()
        self.context.runner.work(
            read, self._came, _("Reading the table"), failed=partial(self._not_read, Path(_("Pasted table")))
        )

    def _next(self) -> None:
        if self._waiting:
            self._tries = 0
            self._recipe = None
            self._open(Path(self._waiting.pop(0)), None)

    def _open(self, path: Path, password: str | None, sure: bool = False) -> None:
        """``sure``: it is a handover, whatever its headings look like."""
        recipe = self._recipe

        def read(desk: Desk, progress: Progress) -> Any:
            return _opened(desk, path, progress, password, recipe, None, self._looked.emit, sure)

        title = _("Reading {file}").format(file=path.name)
        self._reading = self.context.runner.work(
            read, self._came, title, failed=partial(self._not_read, path), cancelled=self._not_wanted
        )

    def _look_early(self, look: FirstLook) -> None:
        """The first rows of a long file came, the rest is still being read."""
        if self._reading is not None and self._stack.currentWidget() in (self.start, self.result):
            self.early.show_look(look)
            self._show(self.early)

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()

    def _not_wanted(self) -> None:
        self._reading = None
        if self._stack.currentWidget() is self.early:
            self._show(self.start)
        self._next()

    def _came(self, found: Review | tuple[Opened, str] | NoHandover) -> None:
        """A file was read: to its review, to its sheets where nothing in it can be imported as it is, or to where it belongs."""
        self._reading = None
        if isinstance(found, NoHandover):
            self._show(self.start)
            if found.sure:
                self._pass_on(found)
            else:
                self._ask_what(found)
            return
        if isinstance(found, tuple):
            opened, why = found
            look = partial(self._look_at_sheets, opened, why)
            self.start.clear()
            self.start.say(
                f"{opened.path.name}: {why}",
                "error",
                ((_("Look at its sheets"), look), (_("Choose another file"), self.choose)),
            )
            self._show(self.start)
            self._next()
            return
        self._opened = found.opened
        self.start.clear()
        self.review.show_review(found)
        self._show(self.review)

    def _pass_on(self, found: NoHandover) -> None:
        """To product's answers or to the payments; what waits is reviewed first where there is more."""
        self._next()
        self.context.go.to(found.place, **{"path" if found.place == "answers" else "take": str(found.path)})

    def _ask_what(self, found: NoHandover) -> None:
        """The headings fit payments as well as contracts: the user says which."""
        said = _("Its headings fit a list of payments as well as contracts. Nothing has been written yet.")
        self.context.messages.ask(
            _("What does {file} hold?").format(file=found.path.name), said, _("Take it in as payments"),
            partial(self._pass_on, found), keep=_("Import it as a handover"),
            otherwise=partial(self._open_as_handover, found.path),
        )  # fmt: skip

    def _open_as_handover(self, path: Path) -> None:
        self._open(path, None, sure=True)

    def _look_at_sheets(self, opened: Opened, why: str) -> None:
        self._opened = opened
        self.sheets.show_file(opened, opened.answers, why)
        self._show(self.sheets)

    def _not_read(self, path: Path, error: BaseException) -> None:
        from csdesk.services.core.errors import DeskError, Problems

        self._reading = None
        protected = isinstance(error, Problems) and error.problems[0].code in ("encrypted", "wrong_password")
        if protected and self._tries < PASSWORD_TRIES:
            self._ask_password(path, str(error))
            return
        if not isinstance(error, DeskError):
            raise error
        words = str(error)
        if protected:
            words = _("The password was wrong three times. Nothing was read; ask whoever sent the file.")
        self.start.clear()
        self.start.say(f"{path.name}: {words}", "error", ((_("Choose another file"), self.choose),))
        self._show(self.start)
        self._next()

    def _ask_password(self, path: Path, reason: str) -> None:
        self._tries += 1

        def given(password: str) -> None:
            self._open(path, password)

        dialog = PasswordDialog(reason, given, self.window())
        dialog.rejected.connect(self._next)
        dialog.open()

    def _show(self, view: QWidget) -> None:
        self.peek.close_up()
        self._stack.setCurrentWidget(view)
        self.focus_first()
        self.crumbs_changed.emit()
        self.actions_changed.emit()

    def _to_step(self, step: int) -> None:
        review = self.review.review
        if step == FILE:
            self._leave_file()
        elif step == SHEETS and self._opened is not None:
            opened = review.opened if review is not None else self._opened
            self.sheets.show_file(opened, opened.answers)
            self._show(self.sheets)
        elif step == COLUMNS and review is not None:
            self.columns.show_review(review)
            self._show(self.columns)
        elif step == REVIEW and review is not None:
            self._show(self.review)

    def _sheets_agreed(self, answers: Answers) -> None:
        """The sheets and heading rows are as they should be: read the rows, then to the columns."""
        opened = self._opened
        assert opened is not None

        def judge(desk: Desk, progress: Progress) -> Review:
            from csdesk.services.handover.reviewing import review_of

            return review_of(desk, opened, answers, progress)

        def judged(review: Review) -> None:
            self._opened = review.opened
            self.review.show_review(review)
            self.columns.show_review(review)
            self._show(self.columns)

        def failed(error: BaseException) -> None:
            from csdesk.services.core.errors import DeskError

            if not isinstance(error, DeskError):
                raise error
            self.sheets.show_file(opened, answers, str(error))

        self.context.runner.work(judge, judged, _("Judging the rows"), failed=failed)

    def _columns_agreed(self, answers: Answers) -> None:
        self.review.judging.give(answers)
        self._show(self.review)

    def _read_as(self, encoding: str) -> None:
        opened = self._opened
        if opened is None:
            return

        def read(desk: Desk, progress: Progress) -> Opened:
            from csdesk.services.handover.reviewing import read_again

            return read_again(desk, opened, encoding, progress)

        def came(again: Opened) -> None:
            self._opened = again
            self.review.judging.begin(None)
            self.sheets.show_file(again, again.answers)

        def failed(error: BaseException) -> None:
            from csdesk.services.core.errors import DeskError

            if not isinstance(error, DeskError):
                raise error
            self.sheets.show_file(opened, opened.answers, str(error))

        self.context.runner.work(read, came, _("Reading {file}").format(file=opened.path.name), failed=failed)

    def _leave_file(self) -> None:
        self.review.judging.begin(None)
        self._opened = None
        self._show(self.start)
        self._next()

    def _imported(self, report: ImportReport) -> None:
        self._opened = None
        if report.import_id is not None:
            self._ask_import(report.import_id, True)
        else:
            self._leave_file()

    def _open_import(self, key: Any) -> None:
        if isinstance(key, int):
            self._ask_import(key, False)

    def _ask_import(self, import_id: int, fresh: bool) -> None:
        self._shown_import = import_id
        self.context.runner.ask(_import_told, import_id, then=partial(self._show_import, fresh), owner=self)

    def _show_import(self, fresh: bool, told: tuple[ImportDetails, dict[int, str]] | None) -> None:
        if told is None or told[0].row.id != self._shown_import:
            return
        self.result.show_import(*told, fresh)
        self.result.set_waiting(len(self._waiting))
        if self._stack.currentWidget() is not self.result:
            self._show(self.result)

    def _leave_result(self) -> None:
        self._shown_import = None
        self._show(self.start)
        self._next()

    def _run_again(self, path: str, recipe: Recipe) -> None:
        if not path or not Path(path).is_file():
            chosen, _kind = QFileDialog.getOpenFileName(self.window(), _("Where is the file now?"), path)
            if not chosen:
                return
            path = chosen
        self._tries = 0
        self._recipe = recipe
        self._open(Path(path), None)

    def crumbs(self) -> tuple[Crumb, ...]:
        shown = self._stack.currentWidget()
        if shown is self.result and self.result.details is not None:
            return (Crumb(self.result.details.row.file_name),)
        return (Crumb(self._opened.path.name),) if self._opened is not None and shown is not self.start else ()

    def focus_first(self) -> None:
        shown = self._stack.currentWidget()
        if isinstance(shown, ReviewView | SheetsView | ColumnsView | ResultView | EarlyView):
            shown.focus_first()
        else:
            self.imports.setFocus()

    def focus_filter(self) -> bool:
        if self._stack.currentWidget() is self.review:
            self.review.focus_words()
            return True
        return False

    def page_actions(self) -> list[Action]:
        shown = self._stack.currentWidget()
        if shown is self.review:
            return self.review.review_actions()
        if isinstance(shown, SheetsView | ColumnsView | ResultView):
            return shown.view_actions()

        def act(key: str, text: str, run: Any, icon: str = "", menu: str = "tools") -> Action:
            return Action(f"handover.{key}", text, run, icon, "", menu, (self.key,), 3)

        return [
            act("paste", N_("Import the table on the clipboard"), self.paste, "import", "file"),
            act("template", N_("Save an empty template for sales"), self.start.save_empty, "sheet", "file"),
            act("filled", N_("Save all accounts to edit in Excel"), self.start.save_filled, "sheet", "file"),
            act("undo", N_("Take this import back"), self._undo_current, "undo", "edit"),
            act("accept", N_("Accept handover"), self._accept, "check", "account"),
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif (
            event.key() == Qt.Key.Key_Escape
            and self._stack.currentWidget() is self.sheets
            and self.review.review is not None
        ):
            self._show(self.review)
        else:
            super().keyPressEvent(event)

    def _import_menu(self, _key: object, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(_("Open")).triggered.connect(self._open_current)
        menu.addAction(_("Run again")).triggered.connect(self._run_current_again)
        menu.addAction(_("Take this import back")).triggered.connect(self._undo_current)
        menu.popup(place)

    def _open_current(self) -> None:
        self._open_import(self.imports.current_key())

    def _run_current_again(self) -> None:
        key = self.imports.current_key()
        if isinstance(key, int):
            self.context.runner.ask(_import_told, key, then=self._run_told, owner=self, key="again")

    def _run_told(self, told: tuple[ImportDetails, dict[int, str]] | None) -> None:
        if told is not None:
            self._run_again(told[0].path, told[0].recipe)

    def _undo_current(self) -> None:
        key = self.imports.current_key()
        if isinstance(key, int):
            take_back(self.context, key)

    def _all_imports(self) -> None:
        self.context.go.to("imports")

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


def _opened(
    desk: Desk,
    path: Path,
    progress: Progress,
    password: str | None,
    recipe: Recipe | None,
    book: Workbook | None,
    first_look: Callable[[FirstLook], None] | None = None,
    sure: bool = False,
) -> Any:
    """The review of a file; the file alone and a sentence where nothing in it can be imported as it is read now.

    Of a workbook that product filled in, and unless one is ``sure`` of a list of payments, only where it belongs.
    """
    from csdesk.services.core.errors import Problems
    from csdesk.services.handover.reviewing import open_file, review_of
    from csdesk.services.receivables.sheet import Holding, holding_of
    from csdesk.services.tickets.product_return import is_for_product

    opened = open_file(desk, path, progress, password, recipe=recipe, workbook=book, first_look=first_look)
    if book is None and is_for_product(opened.workbook):
        return NoHandover(path, "answers")
    if book is None and not sure and recipe is None:
        holding = holding_of(opened.workbook)
        if holding is not Holding.OTHER:
            return NoHandover(path, "receivables", holding is Holding.PAYMENTS)
    try:
        return review_of(desk, opened, opened.answers, progress)
    except Problems as problems:
        return opened, str(problems)


def _import_told(connection: Any, import_id: int) -> tuple[ImportDetails, dict[int, str]] | None:
    from csdesk.services.accounts.queries import names_of
    from csdesk.services.handover.queries import one_import

    details = one_import(connection, import_id)
    return None if details is None else (details, names_of(connection, list(details.account_ids)))
