"""Taking a sheet of payments in: what becomes of each row, the unsure ones asked, then all of it in one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.form import FormDialog, FormField, open_form
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.parts import Label, Surface
from csdesk.ui.core.theme import px
from csdesk.ui.receivables.wording import dotted, in_currency

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.receivables.matching import Candidate, Judged
    from csdesk.services.receivables.sheet import SheetRow
    from csdesk.ui.core.context import Context

FATES = {
    "ask": N_("To be decided"),
    "new": N_("Will be entered"),
    "there": N_("There already"),
    "skipped": N_("Left out"),
    "refused": N_("Cannot be read"),
}


def choose_sheet(context: Context) -> None:
    """Ask for the file, read it beside the window, show what would become of it."""
    parent = QApplication.activeWindow()
    kinds = _("Tables (*.xlsx *.xlsm *.xls *.ods *.csv *.tsv *.txt);;All files (*)")
    chosen, _kind = QFileDialog.getOpenFileName(parent, _("Payments sheet"), "", kinds)
    if chosen:
        take_sheet(context, Path(chosen), parent)


def take_sheet(context: Context, path: Path, parent: QWidget | None) -> None:
    """Read a file and open the review of its rows; a file that holds no payments is told."""

    def read(desk: Desk, progress: Progress) -> tuple[SheetRow, ...]:
        from csdesk.services.files.reading import read_workbook
        from csdesk.services.receivables.sheet import read_rows

        return read_rows(read_workbook(path, progress=progress), desk.clock.today())

    def came(rows: tuple[SheetRow, ...]) -> None:
        if rows:
            PaymentSheet(context, path.name, rows, parent).open()
        else:
            context.messages.toast(_("{file} holds headings, but no payment beneath them.").format(file=path.name))

    def failed(error: BaseException) -> None:
        if not isinstance(error, Problems):
            raise error
        context.messages.bar("", str(error), "error", key="payments.sheet")

    context.runner.work(read, came, _("Reading {name}").format(name=path.name), failed=failed, writes=False)


class PaymentSheet(Dialog):
    """Rows by their fate; Enter on one chooses its contract. The primary takes in what is sure."""

    def __init__(self, context: Context, file: str, rows: tuple[SheetRow, ...], parent: QWidget | None) -> None:
        super().__init__(_("Payments of {file}").format(file=file), "", parent)
        self._context, self._file, self._rows = context, file, rows
        self._choices: dict[str, int] = {}
        self._judged: dict[str, Judged] = {}
        self.setModal(True)
        self.said = Label("", wrap=True)
        self.body.addWidget(self.said)
        self.list = LinesView(_("Payments of the sheet"), 96)
        self.list.opened.connect(self._ask)
        self.list.menu_wanted.connect(self._menu)
        surface = Surface(edged=True)
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.list)
        self.body.addWidget(surface, 1)
        hint = _(
            "Enter chooses the contract of a row. What is not decided stays out and can be taken in later with the same file."
        )
        self.body.addWidget(Label(hint, "caption", "muted", wrap=True))
        self.add_verb(_("Cancel"), self.reject, closes=False)
        self.take = self.add_verb(_("Take in"), self._take, "primary", closes=False)
        self.take.setEnabled(False)
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(px(860), room.width() - px(32)), min(px(640), room.height() - px(32)))
        self._judge()

    def _judge(self) -> None:
        from csdesk.services.receivables.matching import judge

        today = self._context.clock.today()
        self._context.runner.ask(judge, self._rows, dict(self._choices), today, then=self._fill, owner=self)

    def _fill(self, judged: list[Judged]) -> None:
        self._judged = {one.row.cell: one for one in judged}
        counts = Counter(one.fate.value for one in judged)
        lines: list[Line] = []
        for fate, title in FATES.items():
            own = [one for one in judged if one.fate == fate]
            if own:
                lines.append(Line(("heading", fate), _(title), note=formats.number(len(own)), section=True))
                lines += [_line(one) for one in own]
        first = self.list.current_key() is None
        self.list.set_lines(lines)
        if first:
            self.list.choose_first()
            self.list.setFocus()
        rows = ngettext("{n} payment in the sheet", "{n} payments in the sheet", len(judged)).format(n=len(judged))
        parts = [
            _("{fate}: {n}").format(fate=_(title), n=counts[fate]) for fate, title in FATES.items() if counts[fate]
        ]
        self.said.setText(f"{rows} = {' + '.join(parts)}")
        new = counts["new"]
        self.take.setEnabled(bool(new))
        self.take.set_words(ngettext("Take in {n} payment", "Take in {n} payments", new).format(n=new))

    def _ask(self, key: object) -> None:
        box = self.list.visualRect(self.list.currentIndex())
        self._menu(key, self.list.viewport().mapToGlobal(box.bottomLeft() + QPoint(px(96), 0)))

    def _menu(self, key: object, at: QPoint) -> None:
        one = self._judged.get(str(key))
        if one is None or one.fate in ("there", "refused"):
            return
        menu = QMenu(self)
        for candidate in one.candidates[:12]:
            menu.addAction(_candidate(candidate).replace("&", "&&")).triggered.connect(
                partial(self._choose, one.row.cell, candidate.contract_id)
            )
        menu.addAction(_("Another contract…")).triggered.connect(partial(self._another, one.row.cell))
        if one.fate != "skipped":
            menu.addAction(_("Leave it out")).triggered.connect(partial(self._choose, one.row.cell, 0))
        if one.row.cell in self._choices:
            menu.addAction(_("Decide it anew")).triggered.connect(partial(self._choose, one.row.cell, None))
        pop_up(menu, at)

    def _choose(self, cell: str, contract: int | None, *_checked: object) -> None:
        if contract is None:
            self._choices.pop(cell, None)
        else:
            self._choices[cell] = contract
        self._judge()

    def _another(self, cell: str, *_checked: object) -> None:
        from csdesk.services.receivables.matching import contract_numbered

        def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
            def came(found: int | None) -> None:
                if found is None:
                    dialog.refuse([Problem("number", _("No contract has this number."), code="unknown")])
                else:
                    dialog.done_well()
                    self._choose(cell, found)

            self._context.runner.ask(contract_numbered, typed.get("number", ""), then=came, owner=dialog)

        fields = [FormField("number", N_("Contract number"), required=True, wide=True)]
        open_form(self._context, _("Another contract"), fields, {}, send, verb=_("Choose"), parent=self)

    def _take(self) -> None:
        from csdesk.services.receivables.taking import TakePayments, take_payments

        wish = TakePayments(self._rows, dict(self._choices), self._file)
        self._context.runner.do(take_payments, wish, then=self._taken, failed=self._refused)

    def _taken(self, _done: Any) -> None:
        self.accept()

    def _refused(self, problems: tuple[Problem, ...]) -> None:
        self.said.setText(" ".join(problem.message for problem in problems))


def _line(one: Judged) -> Line:
    row, contract = one.row, one.contract
    where = dotted((contract.number, contract.account)) if contract is not None else ""
    currency = contract.currency if contract is not None else row.currency or "CNY"
    amount = in_currency(int(row.amount * 100), currency) if row.amount is not None else formats.NOTHING
    over = ""
    if contract is not None and row.amount is not None and int(row.amount * 100) > contract.missing:
        over = _("more than the {missing} that it lacks: the rest stays as credit").format(
            missing=formats.cents(contract.missing)
        )
    second = dotted(
        (
            one.why.rstrip(".\u3002"),
            over,
            _("to {contract}").format(contract=where) if where else "",
            row.reference,
            row.notes,
        )
    )
    return Line(
        row.cell, dotted((row.who, row.contract if row.contract != row.who else "")), second,
        left=formats.day_iso(row.paid_on), right=amount, note=row.cell, muted=one.fate in ("there", "skipped"),
        bold=one.fate == "ask",
    )  # fmt: skip


def _candidate(one: Candidate) -> str:
    lacks = in_currency(one.missing, one.currency)
    return _("{number}, {account}: lacks {missing}").format(number=one.number, account=one.account, missing=lacks)
