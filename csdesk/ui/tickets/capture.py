"""Writing down what a customer asks for, in seconds and from anywhere: account, words, module; Enter.

While one types, what likely is the same stands below: demands, bugs, questions with the answer that was given; one key
takes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.models.vocabulary import TicketKind
from csdesk.services.core.errors import Problems
from csdesk.services.core.texts import N_, _
from csdesk.ui.core.completing import CompletingField
from csdesk.ui.core.context import Subject
from csdesk.ui.core.fields import FieldKind, FormField, LongText
from csdesk.ui.core.form import ENTERS, FormDialog
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.parts import Button, Combo, Label, Segmented, Surface
from csdesk.ui.core.standby import Standby
from csdesk.ui.core.theme import px
from csdesk.ui.tickets.proposing import known_line, likeness, offer_words
from csdesk.ui.tickets.ticket_form import BEGINNING, background_fields, suit

if TYPE_CHECKING:
    from csdesk.services.tickets.likeness import Proposal
    from csdesk.services.tickets.ticket_facts import FormChoices
    from csdesk.ui.core.context import Context

WARM_MS = 250
MOST_PROPOSALS = 4
FIRST = ("account", "text", "module")
KINDS = (TicketKind.REQUIREMENT, TicketKind.BUG, TicketKind.QUESTION)


def keep_ready(context: Context, window: QWidget) -> None:
    """Load what the first opening would have to, and make a dialog for the window: it is to stand there at once."""
    import_module("csdesk.services.tickets.likeness")
    import_module("csdesk.services.tickets.ticket_facts")
    context.standby = Standby(partial(CaptureDialog, context, window), window)
    context.standby.fill()


def capture(
    context: Context, subject: Subject | None = None, draft: Mapping[str, str] | None = None, need_id: int | None = None
) -> CaptureDialog:
    """Open the dialog over what is shown, which says whose ticket it will be; ``need_id`` is a need that it takes up."""
    window = QApplication.activeWindow()
    said = window.subject() if isinstance(window, FormDialog) else None
    dialog = context.standby.take() if context.standby is not None else CaptureDialog(context, window)
    assert isinstance(dialog, CaptureDialog)
    dialog.begin_for(subject or said or context.go.subject, draft or {}, need_id, window)
    dialog.open()
    return dialog


class CaptureDialog(FormDialog):
    """Three fields, the rest folded away. Enter saves, in the words Ctrl+Enter; Alt+1 to 3 say what it is.

    It is made knowing nothing of what it will be about, so that it can be made before the key is pressed; ``begin_for``
    tells it.
    """

    def __init__(self, context: Context, window: QWidget | None) -> None:
        self._subject: Subject | None = None
        self._need_id: int | None = None
        self._joined = 0
        self._sent: Mapping[str, str] = {}
        self._proposals: Sequence[Proposal] = ()
        self._modules: tuple[str, ...] = ()
        self._choices: FormChoices | None = None
        self._open = False
        fields = [
            FormField("kind", N_("Kind"), FieldKind.CHOICE, options=tuple((one.value, _(one.label)) for one in KINDS)),
            FormField("account", N_("Account"), required=True, wide=True, find=self._find_accounts,
                      hint=N_("Any part of the name, pinyin or initials")),
            FormField("text", N_("What the customer said"), FieldKind.LONG, required=True,
                      hint=N_("In their own words")),
            FormField("module", N_("Module"), wide=True, find=self._find_modules),
        ]  # fmt: skip
        begun = {"kind": TicketKind.REQUIREMENT.value, **BEGINNING}
        super().__init__(context, _("New ticket"), fields, begun, folded=background_fields(), parent=window)
        self.finished.connect(self.deleteLater)
        self._build()
        self.write_down.setEnabled(False)
        self._say_more()
        self.form.unfolded.connect(self._unfolded)
        self._asking = QTimer(self, interval=0, singleShot=True)
        self._asking.timeout.connect(self._propose)
        for name in ("text", "module", "kind"):
            self.form.cells[name].edited.connect(self._asking.start)
        self.account.taken.connect(self._account_taken)
        self.saved.connect(self._send)

    def begin_for(
        self, subject: Subject | None, draft: Mapping[str, str], need_id: int | None, window: QWidget | None
    ) -> None:
        """Stand above ``window`` and begin with a draft, for a subject, taking up a need."""
        self._subject, self._need_id = subject, need_id
        if window is not None and window is not self.parentWidget():
            self.setParent(window, self.windowFlags())
        begun = dict(draft)
        if subject is not None:
            begun |= {"account": subject.account, "contact": str(subject.contact_id or "")}
        self.begin(begun, f"ticket.need.{need_id}" if need_id is not None else "ticket.new")
        self._asking.stop()
        if subject is not None:
            self.account.put(subject.account_id, subject.account)
        self.kinds.choose(self.kind)
        self._fit()

    @property
    def account(self) -> CompletingField:
        """The field that completes accounts."""
        editor = self.form.cells["account"].editor
        assert isinstance(editor, CompletingField)
        return editor

    @property
    def words(self) -> LongText:
        """The field of the customer's words."""
        editor = self.form.cells["text"].editor
        assert isinstance(editor, LongText)
        return editor

    @property
    def kind(self) -> str:
        """What it is."""
        return self.form.cells["kind"].text()

    def subject(self) -> Subject | None:
        return self._subject

    def _build(self) -> None:
        self.form.cells["kind"].hide()
        self.kinds = Segmented([(one.value, _(one.label), f"Alt+{at}") for at, one in enumerate(KINDS, 1)], self.kind)
        self.kinds.setAccessibleName(_("Kind"))
        self.kinds.chosen.connect(self._choose_kind)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        holder = QHBoxLayout()
        holder.setContentsMargins(px(4), 0, px(4), 0)
        holder.addWidget(self.kinds)
        holder.addStretch(1)
        column.insertLayout(2, holder)
        column.insertWidget(column.count() - 1, self._likely())
        self.more = Button("", None, "Alt+M", "link")
        self.more.clicked.connect(self._turn)
        foot = column.itemAt(column.count() - 1)
        row = foot.layout() if foot is not None else None
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(0, self.more)
        for at, one in enumerate(KINDS, 1):
            QShortcut(QKeySequence(f"Alt+{at}"), self, partial(self._choose_kind, one.value))
        for keys, run in (("Alt+J", self._turn_join), ("Alt+M", self._turn), ("Alt+Down", self._to_proposals)):
            QShortcut(QKeySequence(keys), self, run)

    def _likely(self) -> QWidget:
        self.likely = Surface()
        column = QVBoxLayout(self.likely)
        column.setContentsMargins(1, px(8), 1, 1)
        column.setSpacing(px(4))
        row = QHBoxLayout()
        row.setContentsMargins(px(15), 0, px(15), 0)
        self.likely_title = Label("", "caption", "muted", elide=True)
        self.join = Button("", None, "Alt+J", small=True)
        self.join.clicked.connect(self._turn_join)
        row.addWidget(self.likely_title, 1)
        row.addWidget(self.join)
        column.addLayout(row)
        self.proposals = LinesView(_("Likely the same"), 72, grows=True)
        self.proposals.opened.connect(self._join)
        self.proposals.chosen.connect(self._say_join)
        column.addWidget(self.proposals)
        self.likely.hide()
        return self.likely

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.form.cells["text" if self.account.text() else "account"].editor.setFocus()
        QTimer.singleShot(WARM_MS, self, self._warm)

    def _warm(self) -> None:
        """After the dialog stands there: the words of all demands, modules, the account's people."""
        likeness(self._context).reload()
        self._read_choices()
        if self.words.toPlainText():
            self._asking.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTERS and not held and not self.proposals.hasFocus():
            if self.account.hasFocus() and not self.words.toPlainText().strip():
                self.words.setFocus()
            else:
                self._save()
            return
        super().keyPressEvent(event)

    def _fit(self) -> None:
        parent = self.parentWidget()
        room = parent.window().height() - px(32) if parent is not None else px(720)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        wanted = self.form.sizeHint().height() + self._bars.sizeHint().height() + px(184)
        if self.likely.isVisibleTo(self):
            wanted += self.likely.sizeHint().height() + px(12)
        self.resize(px(640), max(min(wanted, room), px(320)))

    def _turn(self) -> None:
        """Unfold what may be said beyond the words, or fold it away again; what stands there stays."""
        if self.form.is_folded:
            self.form.unfold()
        else:
            self._show_rest(not self._open)
        rest = [cell for key, cell in self.form.cells.items() if key not in (*FIRST, "kind")]
        if self._open:
            next(cell for cell in rest if cell.isVisibleTo(self)).editor.setFocus()

    def _unfolded(self) -> None:
        self._offer_contacts(self.form.draft()["contact"])
        self._show_rest(True)

    def _show_rest(self, shown: bool) -> None:
        self._open = shown
        for key, cell in self.form.cells.items():
            if key not in (*FIRST, "kind"):
                cell.setVisible(shown)
        self._suit()
        self._say_more()
        self._fit()

    def _say_more(self) -> None:
        self.more.set_words(_("Less") if self._open else _("More: background, importance, who said it"))

    def _suit(self) -> None:
        if self._open:
            suit(self.form, self.kind)
        self.kinds.choose(self.kind)

    def _choose_kind(self, kind: Any) -> None:
        self._joined = 0
        self.form.cells["kind"].set_text(str(kind))
        self.form.changed.emit()
        self._suit()
        self._asking.start()

    def refuse(self, problems: Any) -> None:
        listed = tuple(problems)
        super().refuse(listed)
        if not self._open and any(one.field in self.form.cells and one.field not in FIRST for one in listed):
            self._show_rest(True)

    def _take_kept(self) -> None:
        super()._take_kept()
        self._suit()
        self._asking.start()

    def _find_accounts(self, typed: str) -> Sequence[tuple[object, str, str]]:
        search = self._context.search
        if search is None:
            return []
        hits = search.find_accounts(typed, 8)
        return [
            (hit.id, hit.title, " \u00b7 ".join(part for part in (hit.title, hit.subtitle) if part)) for hit in hits
        ]

    def _find_modules(self, typed: str) -> Sequence[tuple[object, str, str]]:
        wanted = typed.strip().casefold()
        return [(one, one, one) for one in self._modules if wanted in one.casefold() and one != typed.strip()][:8]

    def _account_taken(self, account: object) -> None:
        if self._subject is None or account != self._subject.account_id:
            self.form.fill({"contact": ""})
        self._read_choices()
        self.words.setFocus()
        self._asking.start()

    def _read_choices(self) -> None:
        from csdesk.services.tickets.ticket_facts import form_choices

        account = self.account.value
        self._context.runner.ask(
            form_choices, account if isinstance(account, int) else None, then=self._choices_read, owner=self
        )

    def _choices_read(self, choices: FormChoices) -> None:
        self._modules, self._choices = choices.modules, choices
        if not self.form.is_folded:
            self._offer_contacts(self.form.draft()["contact"] or self._known_contact())

    def _known_contact(self) -> str:
        subject = self._subject
        return str(subject.contact_id or "") if subject is not None and self.account.value == subject.account_id else ""

    def _offer_contacts(self, chosen: str) -> None:
        """The people of the account; ``chosen`` is the id of the one who said it."""
        editor = self.form.cells["contact"].editor
        assert isinstance(editor, Combo)
        if self._choices is not None:
            editor.set_options((("", "\u2014"), *self._choices.contacts))
            editor.choose(chosen or self._known_contact())

    def _propose(self) -> None:
        """Show what likely is the same; what is joined stays joined as long as it is in sight."""
        said, module = self.words.toPlainText(), self.form.cells["module"].text()
        kind = TicketKind(self.kind)
        self._proposals = likeness(self._context).find(said, module, MOST_PROPOSALS, kind) if said.strip() else ()
        if self._joined not in [one.known.id for one in self._proposals]:
            self._joined = 0
        self._show_proposals()

    def _show_proposals(self) -> None:
        shown = self.likely.isVisibleTo(self)
        keep = self.proposals.current_key()
        self.proposals.set_lines([self._line(one) for one in self._proposals])
        if keep not in [one.known.id for one in self._proposals]:
            self.proposals.choose_first()
        self.likely.setVisible(bool(self._proposals))
        self._say_join()
        if shown != bool(self._proposals) or self._proposals:
            self._fit()

    def _line(self, proposal: Proposal) -> Line:
        known, today = proposal.known, self._context.clock.today()
        return known_line(TicketKind(self.kind), known, self.account.value, known.id == self._joined, today)

    def _say_join(self, _key: object = None) -> None:
        joined = next((one.known for one in self._proposals if one.known.id == self._joined), None)
        said, verb = offer_words(TicketKind(self.kind), joined)
        self.likely_title.setText(said)
        self.join.set_words(verb)

    def _to_proposals(self) -> None:
        if self._proposals:
            self.proposals.setFocus()

    def _turn_join(self) -> None:
        key = self.proposals.current_key()
        if self._proposals:
            self._join(0 if self._joined else key if isinstance(key, int) else self._proposals[0].known.id)

    def _join(self, known: object) -> None:
        self._joined = 0 if known == self._joined else int(str(known))
        self._show_proposals()
        self.words.setFocus()

    def _send(self, typed: Mapping[str, str]) -> None:
        from csdesk.services.tickets.commands import NewTicket, create_ticket
        from csdesk.services.tickets.ticket_fields import parse

        if typed == self._sent and self._context.runner.is_busy:
            return  # pressed twice
        try:
            fields = parse(typed, self._context.clock.today())
        except Problems as error:
            self.refuse(error.problems)
            return
        account, subject = self.account.value, self._subject
        same = subject is not None and account == subject.account_id
        joined, is_wish = self._joined or None, fields.kind == TicketKind.REQUIREMENT
        wish = NewTicket(
            fields,
            account if isinstance(account, int) else None,
            typed["account"],
            join_demand_id=joined if is_wish else None,
            same_as_id=None if is_wish else joined,
            visit_id=subject.visit_id if subject is not None and same else None,
            need_id=self._need_id,
        )
        self._sent = typed
        self._context.runner.do(create_ticket, wish, then=self.done_well, failed=self.refuse)


__all__ = ["CaptureDialog", "capture"]
