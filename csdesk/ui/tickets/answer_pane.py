"""One answer beside the queue: their own words, what was decided, the text for them, and that it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Channel, NoticeCause, NoticeState
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.form import ENTERS
from csdesk.ui.core.growing import GrowingText
from csdesk.ui.core.parts import Button, Combo, Label, StateBadge, Surface, TierBadge
from csdesk.ui.core.parts.marks import reveal
from csdesk.ui.core.theme import px
from csdesk.ui.tickets.telling_words import CAUSE_TONES

if TYPE_CHECKING:
    from csdesk.services.tickets.answers import AnswerView
    from csdesk.ui.core.context import Context

WIDTH, NARROW = 400, 336


class AnswerPane(Surface):
    """Follows the chosen line of the queue. The text is kept when the keyboard leaves it.

    ``told`` follows the press of the primary, ``account_wanted`` and ``matter_wanted`` those of the links.
    """

    told = Signal()
    account_wanted = Signal()
    matter_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.context = context
        self.view: AnswerView | None = None
        self._wanted: int | None = None
        self.setFixedWidth(px(WIDTH))
        self.setAccessibleName(_("The chosen answer"))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(8))
        column.addLayout(self._make_head())
        column.addWidget(self._make_area(), 1)
        column.addLayout(self._make_foot())
        self._show(None)

    def set_narrow(self, narrow: bool) -> None:
        """Leave the list more room in a small window."""
        self.setFixedWidth(px(NARROW if narrow else WIDTH))
        self.copy.show_key(not narrow)

    def _make_head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setSpacing(px(4))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.account = Label("", "h3", elide=True)
        self._badges = QHBoxLayout()
        self._badges.setSpacing(px(8))
        row.addWidget(self.account, 1)
        row.addLayout(self._badges)
        self.age = Label("", "caption", "muted", elide=True)
        self.open_account = Button(_("Open account"), kind="link")
        self.open_account.clicked.connect(self.account_wanted)
        below = QHBoxLayout()
        below.setSpacing(px(8))
        below.addWidget(self.age, 1)
        below.addWidget(self.open_account)
        head.addLayout(row)
        head.addLayout(below)
        return head

    def _make_area(self) -> QScrollArea:
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, px(4), 0)
        inside.setSpacing(px(8))
        self._said, self._decided = QVBoxLayout(), QVBoxLayout()
        for part in (self._said, self._decided):
            part.setSpacing(px(4))
        inside.addWidget(Label(_("In their words"), "caption", "muted"))
        inside.addLayout(self._said)
        self.text_title = Label(_("What they read"), "caption", "muted")
        inside.addWidget(self.text_title)
        self.text = GrowingText(_("What they read"), "", 4)
        self.text.left.connect(self.keep)
        inside.addWidget(self.text)
        self.reset = Button(_("Back to the template"), kind="link")
        self.reset.clicked.connect(self._back_to_template)
        inside.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(Label(_("What was decided"), "caption", "muted"))
        inside.addLayout(self._decided)
        inside.addStretch(1)
        self.area = QScrollArea()
        self.area.setAccessibleName(_("The chosen answer"))
        self.area.setWidget(holder)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)
        return self.area

    def _make_foot(self) -> QVBoxLayout:
        foot = QVBoxLayout()
        foot.setSpacing(px(8))
        self._how = QWidget()
        row = QHBoxLayout(self._how)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        self.channel = Combo(_("Channel"), [(one.value, _(one.label)) for one in Channel])
        self.contact = Combo(_("Contact"))
        row.addWidget(self.channel, 2)
        row.addWidget(self.contact, 3)
        verbs = QHBoxLayout()
        verbs.setSpacing(px(8))
        self.copy = Button(_("Copy text"), "copy", "C")
        self.tell = Button(_("Mark as told"), "check", "D", "primary")
        self.copy.clicked.connect(self.copy_text)
        self.tell.clicked.connect(self.told)
        verbs.addWidget(self.copy)
        verbs.addStretch(1)
        verbs.addWidget(self.tell)
        foot.addWidget(self._how)
        foot.addLayout(verbs)
        return foot

    @property
    def notice_id(self) -> int | None:
        """The shown answer."""
        return self.view.row.id if self.view is not None else None

    @property
    def is_open(self) -> bool:
        """Whether the shown answer still waits to be told."""
        return self.view is not None and self.view.row.state == NoticeState.OPEN

    def follow(self, notice_id: int | None) -> None:
        """Show another answer, or none; what was typed for the one before is kept."""
        if notice_id != self.notice_id:
            self.keep()
        self._wanted = notice_id
        if notice_id is None:
            self._show(None)
            return
        from csdesk.services.tickets.answers import answer

        self.context.runner.ask(answer, notice_id, self.context.clock.today(), then=self._came, owner=self)

    def words(self) -> str:
        """The text as it stands in the field."""
        return self.text.toPlainText().strip()

    def copy_text(self) -> None:
        """Put the text on the clipboard, to be sent by the way that was chosen."""
        if self.view is not None:
            QGuiApplication.clipboard().setText(self.words())
            name = self.view.row.account
            self.context.messages.toast(_("The text for {name} was copied.").format(name=name))

    def keep(self) -> None:
        """Store the text where it differs from what is known."""
        from csdesk.services.tickets.telling import ChangeNotice, change_notice

        view = self.view
        if view is not None and self.is_open and self.words() != view.text.strip():
            self.context.runner.do(change_notice, ChangeNotice(view.row.id, self.words()), toast=False)

    def let_go(self) -> None:
        """What is typed is on its way with a command: it is not to be stored once more."""
        self.view = None

    def _back_to_template(self) -> None:
        from csdesk.services.tickets.telling import ChangeNotice, change_notice

        if self.view is not None:
            self.context.runner.do(change_notice, ChangeNotice(self.view.row.id, ""))

    def _came(self, view: AnswerView | None) -> None:
        if view is None or view.row.id == self._wanted:
            self._show(view)

    def _show(self, view: AnswerView | None) -> None:
        same = view is not None and view.row.id == self.notice_id
        typing = same and self.text.hasFocus()
        self.view = view
        for part in (self._badges, self._said, self._decided):
            empty(part)
        for widget in (self.account, self.age, self.open_account, self.area, self._how, self.copy, self.tell):
            reveal(widget, view is not None)
        if view is None:
            return
        row, is_open = view.row, self.is_open
        self.account.setText(row.account)
        if row.tier:
            self._badges.addWidget(TierBadge(row.tier))
        self._badges.addWidget(StateBadge(_(NoticeCause(row.cause).label), CAUSE_TONES[NoticeCause(row.cause)]))
        self.age.setText(self._age(view))
        self.age.set_look("ink_red" if view.late else "muted", view.late)
        self._fill_said(view)
        self._fill_decided(view)
        self.text_title.setText(_("What they read") if is_open else _("What they were told"))
        self.text.setReadOnly(not is_open)
        if not typing:
            self.text.show_text(view.text)
        self.reset.setVisible(is_open and bool(row.text))
        if not same:
            self.contact.set_options([(None, _("nobody in particular")), *((p.id, p.name) for p in view.people)])
            self.channel.choose(view.channel.value)
            self.contact.choose(view.contact_id)
        self._how.setVisible(is_open)
        self.tell.setVisible(is_open)

    def _age(self, view: AnswerView) -> str:
        row, today = view.row, self.context.clock.today()
        if row.state == NoticeState.TOLD:
            channel = _(Channel(row.channel).label) if row.channel else ""
            told = _("Told on {day}").format(day=formats.day_near(row.told_on, today))
            return " \u00b7 ".join(part for part in (told, row.told_by, channel) if part)
        if row.state == NoticeState.SUPERSEDED:
            return _("Overtaken by a newer answer before it was told")
        since = _("since {day}").format(day=formats.day_near(row.due_on, today))
        days = ngettext("{n} day", "{n} days", view.days).format(n=view.days) if view.days else _("today")
        return " \u00b7 ".join(part for part in (_("late") if view.late else "", days, since) if part)

    def _fill_said(self, view: AnswerView) -> None:
        today = self.context.clock.today()
        for one in view.said:
            about = (one.number, formats.day_near(one.reported_on, today), one.contact)
            self._said.addWidget(Label(_("“{words}”").format(words=one.text), wrap=True))
            self._said.addWidget(Label(" \u00b7 ".join(part for part in about if part), "caption", "muted", wrap=True))

    def _fill_decided(self, view: AnswerView) -> None:
        decided, row, today = view.decided, view.row, self.context.clock.today()
        head = QHBoxLayout()
        head.setSpacing(px(8))
        link = Button(_("Open"), kind="link")
        link.clicked.connect(self.matter_wanted)
        head.addWidget(Label(f"{decided.number} {decided.title}".strip(), elide=True), 1)
        head.addWidget(link)
        self._decided.addLayout(head)
        facts = [
            _("decided on {day}").format(day=formats.day_near(decided.day, today)) if decided.day else "",
            decided.by,
            _("planned for {day}").format(day=formats.day_near(row.planned_on, today)) if row.planned_on else "",
            row.release,
        ]
        words = " \u00b7 ".join(part for part in facts if part)
        reason = _("Reason, for us: {text}").format(text=decided.reason) if decided.reason else ""
        for text in (words, reason, decided.answer):
            if text:
                self._decided.addWidget(Label(text, ink="muted", wrap=True))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTERS and held == Qt.KeyboardModifier.ControlModifier and self.is_open:
            self.told.emit()
        else:
            super().keyPressEvent(event)

    def choice(self) -> dict[str, Any]:
        """How it is told as the fields say: channel, text, contact_id."""
        return {"channel": Channel(self.channel.value()), "text": self.words(), "contact_id": self.contact.value()}
