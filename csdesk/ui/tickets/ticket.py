"""The page of one ticket: the customer's own words, where it stands, what comes next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Channel, Importance, NoticeState, OpportunityOrigin, Severity, TicketKind
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _
from csdesk.ui.core.actions import Action
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.context import Subject
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb, Page
from csdesk.ui.core.parts import Button, Card, Label, StateBadge, Surface, TierBadge
from csdesk.ui.core.theme import px
from csdesk.ui.tickets.ticket_verbs import missing_words, move, verb_label, verbs_menu
from csdesk.ui.tickets.ticket_wording import (
    days_words,
    detail_rows,
    move_line,
    notice_line,
    promise_words,
    state_badge,
    ticket_age,
)

if TYPE_CHECKING:
    from csdesk.services.tickets.ticket_facts import TicketPageView
    from csdesk.ui.core.context import Context


class TicketPage(Page):
    """Left what was said and asked, right days, answers and files; the button at the top is the next step."""

    key = "ticket"
    entities = frozenset({"tickets", "ticket_moves", "demands", "notices", "releases", "accounts", "contacts", "attachments",
                          "visits", "settings"})  # fmt: skip

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.ticket_id = 0
        self.view: TicketPageView | None = None
        self.setAcceptDrops(True)
        column = self.column()
        column.addWidget(self._header())
        column.addWidget(self._body(), 1)
        self._gone = self.when_gone(
            _("This ticket is not here any more"),
            _("It was deleted; it may still be in the bin."),
            _("Open the bin"),
            self._open_bin,
        )
        column.addWidget(self._gone, 1)

    def _header(self) -> QWidget:
        self.header = Surface()
        column = QVBoxLayout(self.header)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(8))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.name = Label("", "h1", elide=True)
        self.number = Label("", ink="muted")
        row.addWidget(self.name, 1)
        row.addWidget(self.number)
        column.addLayout(row)
        facts = QHBoxLayout()
        facts.setSpacing(px(8))
        self.account_link = Button("", kind="link")
        self.account_link.clicked.connect(self._account)
        self.tier = TierBadge("")
        self.kind = StateBadge("")
        self.state = StateBadge("")
        self.facts = Label("", ink="muted", elide=True)
        for part in (self.account_link, self.tier, self.kind, self.state):
            facts.addWidget(part)
        facts.addWidget(self.facts, 1)
        column.addLayout(facts)
        verbs = QHBoxLayout()
        verbs.setSpacing(px(8))
        self.lacks = Label("", "caption", "ink_amber", elide=True)
        self.demand_link = Button("", "requirements", kind="link")
        self.demand_link.clicked.connect(self._demand)
        self.edit = Button(_("Edit"), "edit", "E")
        self.edit.clicked.connect(self._edit)
        self.more = Button(_("Move on…"), "arrow", "A")
        self.more.clicked.connect(self._offer_moves)
        self.next = Button("", None, "D", "primary")
        self.next.clicked.connect(self._next)
        verbs.addWidget(self.demand_link)
        verbs.addWidget(self.lacks, 1)
        for button in (self.edit, self.more, self.next):
            verbs.addWidget(button)
        column.addLayout(verbs)
        return self.header

    def _body(self) -> QWidget:
        inner = QWidget()
        inner.setObjectName("canvas")
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(px(16))
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for side in (self._left, self._right):
            side.setSpacing(px(12))
            side.addStretch(1)
        self._both.addLayout(self._left, 3)
        self._both.addLayout(self._right, 2)
        self.area = QScrollArea()
        self.area.setObjectName("canvas")
        self.area.setAccessibleName(_("Ticket"))
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        return self.area

    def arrive(self, args: Args) -> None:
        if args.get("id") and int(args["id"]) != self.ticket_id:
            self.ticket_id = int(args["id"])
            self.view = None
        self.refresh()

    def refresh(self) -> None:
        from csdesk.services.tickets.ticket_facts import ticket_page

        today = self.context.clock.today()
        self.context.runner.ask(ticket_page, self.ticket_id, today, then=self._fill, owner=self)

    def _fill(self, view: TicketPageView | None) -> None:
        first = self.view is None
        self.view = view
        self._gone.setVisible(view is None)
        for part in (self.header, self.area):
            part.setVisible(view is not None)
        if view is None:
            return
        self._fill_header(view)
        self._fill_cards(view)
        self._save_room()
        self.crumbs_changed.emit()
        self.context.actions.update()
        if first:
            self.actions_changed.emit()

    def _fill_header(self, view: TicketPageView) -> None:
        row, today = view.ticket.row, self.context.clock.today()
        self.name.setText(row.title)
        self.number.setText(row.number)
        self.account_link.set_words(row.account)
        self.tier.set_tier(row.tier or "")
        self.kind.set_state(_(TicketKind(row.kind).label), "line")
        badge = state_badge(row)
        self.state.set_state(badge.text, badge.tone)
        parts = [
            _("since {day}, {age}").format(
                day=formats.day_short(row.reported_on, today), age=days_words(ticket_age(row, today))
            ),
            _(Importance(row.importance).label),
            _(Severity(row.severity).label) if row.severity else "",
            row.module,
        ]  # fmt: skip
        self.facts.setText(" \u00b7 ".join(part for part in parts if part))
        self.demand_link.setVisible(row.demand_id is not None)
        self.demand_link.set_words(" ".join(part for part in (row.demand_number, row.demand_title) if part))
        verb = self._next_verb()
        self.next.setVisible(verb != "")
        self.next.set_words(_("Tell the customer") if verb == "tell" else verb_label(verb) if verb else "")
        self.more.setVisible(bool(row.verbs))
        lacks = missing_words(row.kind, verb, view.lacking) if verb not in ("", "tell") else ""
        if not verb and row.demand_id is not None and row.verbs:
            lacks = _("Product's answer is written down on its demand.")
        self.lacks.setText(lacks)

    def _next_verb(self) -> str:
        """The step that is next: telling the customer before anything else; "" where others have to do something."""
        if self.view is None:
            return ""
        if any(notice.state == NoticeState.OPEN for notice in self.view.ticket.notices):
            return "tell"
        wanted = ("clarify", "send", "accept", "fix", "answer", "close")
        row = self.view.ticket.row
        found = [verb for verb in wanted if verb in row.verbs]
        if row.kind == TicketKind.BUG and "fix" in found and row.planned_on is not None:
            return "fix"
        return found[0] if found else ""

    def _fill_cards(self, view: TicketPageView) -> None:
        empty(self._left, keep=1)
        empty(self._right, keep=1)
        says_all = view.ticket.row.kind == TicketKind.QUESTION and not detail_rows(view.ticket)
        background = [] if says_all else [self._background_card(view)]
        left = [self._words_card(view), *background, self._files_card(view)]
        right = [card for card in (self._promise_card(view),) if card is not None]
        right += [self._notices_card(view), self._moves_card(view)]
        for column, cards in ((self._left, left), (self._right, right)):
            for place, card in enumerate(cards):
                column.insertWidget(place, card)

    def _words_card(self, view: TicketPageView) -> Card:
        row = view.ticket.row
        parts = (row.contact, _(Channel(row.channel).label) if row.channel else "")
        card = Card(_("In their words"), note=" \u00b7 ".join(part for part in parts if part))
        card.add(Label(f"\u201c{row.text}\u201d", wrap=True))
        if view.ticket.details.get("visit_id") is not None:
            card.set_link(_("Open the visit"))
            card.linked.connect(self._visit)
        if row.answer:
            card.add(Label(_("What they are told"), "caption", "muted"))
            card.add(Label(row.answer, wrap=True))
        return card

    def _background_card(self, view: TicketPageView) -> Card:
        bug = view.ticket.row.kind == TicketKind.BUG
        card = Card(_("What happens") if bug else _("Background"), _("Edit"))
        card.linked.connect(self._edit)
        rows = detail_rows(view.ticket)
        for label, text in rows:
            card.add(Label(_(label), "caption", "muted"))
            card.add(Label(str(text), wrap=True))
        if not rows:
            hint = (
                _("Scene, steps, what was seen and what was expected help product to find it.")
                if bug
                else _("Why they want it, how they do it today and what it is worth help product to decide.")
            )
            card.add(Label(hint, ink="muted", wrap=True))
        return card

    def _files_card(self, view: TicketPageView) -> Card:
        card = Card(_("Files"), _("Attach…"), padded=False)
        card.linked.connect(self._attach)
        if not view.files:
            label = Label(_("Pictures and documents can be dropped here"), ink="muted", wrap=True)
            label.setContentsMargins(px(15), 0, px(15), px(15))
            card.add(label)
            return card
        lines = LinesView(_("Files"), with_icons=True, grows=True)
        lines.set_lines([_file_line(row) for row in view.files])
        lines.opened.connect(self._open_file)
        lines.menu_wanted.connect(self._file_menu)
        card.add(lines)
        return card

    def _promise_card(self, view: TicketPageView) -> Card | None:
        rows = promise_words(view.ticket, self.context.clock.today())
        if view.ticket.row.kind != TicketKind.BUG or not rows:
            return None
        card = Card(_("Date promised"))
        for name, value, tone in rows:
            holder = QWidget()
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(Label(name, ink="muted"))
            line.addStretch(1)
            line.addWidget(StateBadge(value, tone) if tone else Label(value))
            card.add(holder)
        return card

    def _notices_card(self, view: TicketPageView) -> Card:
        today, notices = self.context.clock.today(), view.ticket.notices
        card = Card(_("What the customer is told"), padded=not notices)
        if not notices:
            card.add(Label(_("Nothing to tell yet"), ink="muted"))
            return card
        lines = LinesView(_("What the customer is told"), 96, grows=True)
        lines.set_lines([notice_line(notice, today, titled=False) for notice in reversed(notices)])
        lines.opened.connect(self._tell)
        card.add(lines)
        return card

    def _moves_card(self, view: TicketPageView) -> Card:
        today = self.context.clock.today()
        card = Card(_("What happened"), padded=False)
        lines = LinesView(_("What happened"), 96, grows=True)
        lines.set_lines([move_line(place, row, today) for place, row in enumerate(view.ticket.moves)])
        card.add(lines)
        return card

    def subject(self) -> Subject | None:
        if self.view is None:
            return None
        row = self.view.ticket.row
        return Subject(row.account_id, row.account, row.contact_id)

    def page_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "") -> Action:
            return Action(f"ticket.{key}", text, run, icon, shortcut, "account", (self.key,), 2)

        return [
            Action("ticket.next", N_("Next step of this ticket"), self._next, "check", "D", "account", (self.key,), 2,
                   enabled=lambda: self._next_verb() != ""),
            act("move", N_("Move on…"), self._offer_moves, "A", "arrow"),
            act("edit", N_("Edit ticket"), self._edit, "E", "edit"),
            act("tell", N_("Tell the customer"), self._tell, "", "mail"),
            act("attach", N_("Attach files…"), self._attach, "", "link"),
            act("opportunity", N_("Make an opportunity of it…"), self._opportunity, "", "target"),
            act("account", N_("Open account"), self._account, "O", "accounts"),
            act("demand", N_("Open its demand"), self._demand, "Shift+O"),
            act("delete", N_("Delete ticket"), self._delete, "Ctrl+Delete", "trash"),
        ]  # fmt: skip

    def _opportunity(self) -> None:
        """What they may buy, seen in this ticket."""
        from csdesk.ui.opportunities.forms import new_opportunity

        if self.view is not None:
            row = self.view.ticket.row
            said = {"title": row.title, "module": row.module}
            new_opportunity(self.context, row.account_id, row.account, said, OpportunityOrigin.TICKET, row.id, self)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.view.ticket.row.number),) if self.view is not None else ()

    def focus_first(self) -> None:
        (self.next if self.next.isVisible() else self.edit).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._save_room()

    def _save_room(self) -> None:
        small = self.window().width() < SMALL_WINDOW
        self._both.setDirection(QBoxLayout.Direction.TopToBottom if small else QBoxLayout.Direction.LeftToRight)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.view is not None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._attach_these(tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()))
        event.acceptProposedAction()

    def _next(self) -> None:
        verb = self._next_verb()
        if verb == "tell":
            self._tell()
        elif verb:
            move(self.context, (self.ticket_id,), verb, self)

    def _offer_moves(self) -> None:
        if self.view is not None:
            row = self.view.ticket.row
            verbs_menu(self.context, [row], self, self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _edit(self) -> None:
        from csdesk.ui.tickets.ticket_form import edit_ticket

        if self.view is not None:
            edit_ticket(self.context, self.ticket_id, self)

    def _tell(self, _key: object = None) -> None:
        if self.view is not None:
            self.context.go.to("telling", filter=("account", self.view.ticket.row.account_id))

    def _account(self) -> None:
        if self.view is not None:
            self.context.go.to("accounts", id=self.view.ticket.row.account_id, tab="tickets")

    def _demand(self) -> None:
        if self.view is not None and self.view.ticket.row.demand_id is not None:
            self.context.go.to("tickets", id=self.view.ticket.row.demand_id)

    def _visit(self) -> None:
        if self.view is not None:
            self.context.go.to("visits", id=self.view.ticket.details["visit_id"])

    def _open_bin(self) -> None:
        self.context.go.to("bin")

    def _attach(self) -> None:
        from csdesk.ui.articles.opening import choose_files

        self._attach_these(choose_files(self))

    def _attach_these(self, paths: tuple[Path, ...]) -> None:
        from csdesk.services.attachments.commands import Attach, attach_files
        from csdesk.services.files.kept_files import folder_of

        if paths and self.view is not None:
            folder = folder_of(self.context.desk.database.path)
            self.context.runner.do(attach_files, Attach(paths, folder, ticket_id=self.ticket_id))

    def _open_file(self, key: object) -> None:
        from csdesk.ui.articles.opening import open_kept

        row = next((one for one in self.view.files if one.id == key), None) if self.view is not None else None
        if row is not None:
            open_kept(self.context, row.kept)

    def _file_menu(self, key: object, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(_("Open")).triggered.connect(partial(self._open_file, key))
        menu.addAction(_("Delete")).triggered.connect(partial(self._detach, key))
        pop_up(menu, place)

    def _detach(self, key: object, _checked: bool = False) -> None:
        from csdesk.services.attachments.commands import Detach, detach

        if isinstance(key, int):
            self.context.runner.do(detach, Detach((key,)))

    def _delete(self) -> None:
        from csdesk.services.tickets.commands import Tickets, delete_tickets

        if self.view is not None:
            self.context.runner.do(delete_tickets, Tickets((self.ticket_id,)))


def _file_line(row: Any) -> Line:
    from csdesk.services.files.kept_files import size_text

    badges = () if row.there else (Badge(_("missing"), "bad"),)
    return Line(row.id, row.kept.name, icon="link", badges=badges, right=size_text(row.kept.size), bold=False,
                muted=not row.there)  # fmt: skip
