"""The page of one visit: everything to prepare it, saved as one types; afterwards its record."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Channel, Mood, NeedKind, NeedState, OpportunityOrigin, VisitState, VisitType
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.growing import GrowingText
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb, Page
from csdesk.ui.core.parts import Button, Card, Combo, Field, Label, StateBadge, Surface, TierBadge
from csdesk.ui.core.theme import px
from csdesk.ui.visits.detail_cards import (
    MOOD_TONES,
    materials_card,
    need_line,
    people_card,
    report_card,
    subject_of,
    tasks_card,
)

if TYPE_CHECKING:
    from csdesk.services.visits.preparation import HeardNeed, Preparation
    from csdesk.ui.core.context import Context, Subject

SAVE_AFTER_MS = 800
SIDE_WIDTH = 440
STATE_TONES = {
    VisitState.PLANNED: "line",
    VisitState.DONE: "ok",
    VisitState.CANCELLED: "neutral",
    VisitState.MISSED: "bad",
}
TEXTS: tuple[tuple[str, str, str, int], ...] = (
    ("wanted", N_("What we want to come away with"), N_("A decision, a name, a day …"), 1),
    ("agenda", N_("Agenda"), N_("One point a line; minutes first: 15 What was reached"), 4),
    ("questions", N_("Questions to ask"), N_("One a line"), 2),
    ("talking_points", N_("Talking points"), N_("One a line"), 3),
)


class VisitPage(Page):
    """Left what is written, right what is known; the button at the top is the next step. Escape leaves a field."""

    key = "visits"
    entities = frozenset(
        {
            *("visits", "accounts", "contacts", "contracts", "contract_lines", "receivables", "payments", "handovers"),
            *(
                "attendees",
                "visit_materials",
                "needs",
                "opportunities",
                "attachments",
                "articles",
                "interactions",
                "tasks",
                "settings",
            ),
            *("notices", "tickets", "demands"),
        }
    )

    can_print = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.visit_id = 0
        self.view: Preparation | None = None
        self.internal: GrowingText | None = None
        self._unsaved: dict[str, str] = {}
        self._saver = QTimer(self, interval=SAVE_AFTER_MS, singleShot=True)
        self._saver.timeout.connect(self.save)
        self.setAcceptDrops(True)
        column = self.column()
        column.addWidget(self._header())
        column.addWidget(self._body(), 1)
        self._gone = self.when_gone(
            _("This visit is not here any more"),
            _("It was removed; it may still be in the bin."),
            _("Open the visit plan"),
            self._open_plan,
        )
        column.addWidget(self._gone, 1)

    def _header(self) -> QWidget:
        self.header = Surface()
        column = QVBoxLayout(self.header)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(6))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.name = Label("", "h1", elide=True)
        self.tier = TierBadge("")
        self.state = StateBadge("")
        self.when = Label("", elide=True)
        self.saved_word = Label("", "caption", "muted")
        for widget in (self.name, self.tier, self.state):
            row.addWidget(widget)
        row.addWidget(self.when, 1)
        row.addWidget(self.saved_word)
        column.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(px(8))
        self.why = Label("", ink="muted", elide=True)
        below.addWidget(self.why, 1)
        self.account_button = Button(_("Open account"), "accounts", "O")
        self.account_button.clicked.connect(self._open_account)
        self.record_button = Button(_("Record visit"), "check", "D")
        self.record_button.clicked.connect(self._record)
        self.fill_button = Button(_("Fill in what is known"), None, "Ctrl+Enter", "primary")
        self.fill_button.clicked.connect(self._fill_in)
        for button in (self.account_button, self.record_button, self.fill_button):
            below.addWidget(button)
        column.addLayout(below)
        return self.header

    def _body(self) -> QWidget:
        inner = QWidget()
        inner.setObjectName("canvas")
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(px(16))
        left = QVBoxLayout()
        left.setSpacing(px(12))
        left.addWidget(self._record_card())
        left.addWidget(self._texts_card())
        left.addStretch(1)
        self._side = QVBoxLayout()
        self._side.setSpacing(px(12))
        self._side.addStretch(1)
        self._both.addLayout(left, 3)
        self._both.addLayout(self._side, 2)
        self.area = QScrollArea()
        self.area.setObjectName("canvas")
        self.area.setAccessibleName(_("Visit"))
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        return self.area

    def _texts_card(self) -> QWidget:
        card = Card(_("Preparation"))
        self.type = Combo(_("Type of visit"), [("", "\u2014"), *((kind.value, _(kind.label)) for kind in VisitType)])
        self.type.activated.connect(self._type_chosen)
        self.goal = Field(_("Purpose"))
        self.goal.textEdited.connect(partial(self._typed, "goal"))
        self.goal.editingFinished.connect(self.save)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addLayout(_under(_("Type of visit"), self.type), 0)
        row.addLayout(_under(_("Purpose"), self.goal), 1)
        card.add(row)
        self.texts: dict[str, GrowingText] = {}
        for key, title, hint, lines in TEXTS:
            editor = GrowingText(_(title), _(hint), lines)
            editor.edited.connect(partial(self._typed, key))
            editor.left.connect(self.save)
            self.texts[key] = editor
            caption = _under(_(title), editor)
            card.add(caption)
            if key == "agenda":
                self.clock = Label("", "caption", "muted", wrap=True)
                card.add(self.clock)
        return card

    def _record_card(self) -> Card:
        self.record_card = Card(_("Record"), _("Change"))
        self.record_card.linked.connect(self._record)
        self._record_body = QVBoxLayout()
        self._record_body.setSpacing(px(6))
        self.record_card.add(self._record_body)
        self.needs = LinesView(_("Needs that showed"), grows=True)
        self.needs.opened.connect(self._need_menu_of)
        self.needs.menu_wanted.connect(self._need_menu)
        self.needs_title = Label(_("Needs that showed; Enter says what becomes of one"), "caption", "muted")
        self.record_card.add(self.needs_title)
        self.record_card.add(self.needs)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(Label(_("Attachments"), "caption", "muted"))
        row.addStretch(1)
        add = Button(_("Attach…"), kind="link")
        add.clicked.connect(self._attach)
        row.addWidget(add)
        self.record_card.add(row)
        self.files = LinesView(_("Attachments"), with_icons=True, grows=True)
        self.files.opened.connect(self._open_file)
        self.files.menu_wanted.connect(self._file_menu)
        self.record_card.add(self.files)
        return self.record_card

    def arrive(self, args: Args) -> None:
        if args.get("id") and int(args["id"]) != self.visit_id:
            self.save()
            self.visit_id = int(args["id"])
            self.view = None
        self.refresh()

    def refresh(self) -> None:
        from csdesk.services.visits.preparation import preparation

        today = self.context.clock.today()
        self.context.runner.ask(preparation, self.visit_id, today, then=self._fill, owner=self)

    def _fill(self, view: Preparation | None) -> None:
        if view is not None and view.card.id != self.visit_id:
            return
        first = self.view is None
        self.view = view
        self._gone.setVisible(view is None)
        for part in (self.header, self.area):
            part.setVisible(view is not None)
        if view is None:
            return
        self._fill_header(view)
        self._fill_texts(view)
        self._fill_record(view)
        self._fill_side(view)
        self._save_room()
        self.crumbs_changed.emit()
        self.context.actions.update()
        if first:
            self.actions_changed.emit()
            self._offer_first_step()

    def _fill_header(self, view: Preparation) -> None:
        card, today = view.card, self.context.clock.today()
        self.name.setText(card.account)
        self.tier.set_tier(card.tier or "")
        outcome = view.written.outcome
        waits = card.state == VisitState.PLANNED and card.day is not None and card.day < today
        word = _("Not recorded yet") if waits else _(outcome.label) if outcome else _(card.state.label)
        self.state.set_state(word, "warn" if waits else STATE_TONES[card.state])
        until = f"\u2013{formats.time_text(card.ends_at)}" if card.ends_at else ""
        place = " ".join(part for part in (card.city, card.address or card.district) if part)
        parts = [
            formats.day_near(card.done_on or card.day, today), formats.time_text(card.starts_at) + until,
            _(card.kind.label), place if card.kind == "onsite" else "",
        ]  # fmt: skip
        self.when.setText(" \u00b7 ".join(part for part in parts if part))
        self.why.setText(card.why)
        recorded = card.state != VisitState.PLANNED
        known = self._is_filled(view)
        due = card.day is not None and card.day <= today
        self.record_button.setVisible(not recorded)
        self.record_button.set_kind("primary" if known and due else "normal")
        self.fill_button.setVisible(not known and not recorded)

    def _is_filled(self, view: Preparation) -> bool:
        return bool(view.card.agenda and view.written.questions and view.written.talking_points and view.written.type)

    def _fill_texts(self, view: Preparation) -> None:
        self.type.choose(view.written.type.value if view.written.type else "")
        if "goal" not in self._unsaved and self.goal.text() != view.card.goal:
            self.goal.setText(view.card.goal)
            self.goal.setCursorPosition(0)
        stored = {
            "wanted": view.written.wanted, "agenda": view.card.agenda, "questions": view.written.questions,
            "talking_points": view.written.talking_points,
        }  # fmt: skip
        for key, text in stored.items():
            if key not in self._unsaved:
                self.texts[key].show_text(text)
        points = [point for point in view.agenda if point.starts_at]
        self.clock.setText("   ".join(f"{formats.time_text(point.starts_at)} {point.text}" for point in points))
        self.clock.setVisible(bool(points))

    def _fill_record(self, view: Preparation) -> None:
        card, written = view.card, view.written
        recorded = card.state != VisitState.PLANNED
        self.record_card.setVisible(recorded or bool(view.attachments))
        empty(self._record_body)
        said = [card.record, card.excuse]
        came = [person.name for person in view.theirs if person.came]
        if written.mood:
            self._record_body.addWidget(
                _badge_row(_("Mood"), Badge(_(Mood(written.mood).label), MOOD_TONES[Mood(written.mood)]))
            )
        for title, text in (
            (_("Who was there"), _(", ").join(came)),
            (_("What was said"), "\n".join(part for part in said if part)),
            (_("Next step"), _steps(view)),
            (_("Time and cost"), _effort(view)),
        ):
            if text:
                self._record_body.addWidget(Label(title, "caption", "muted"))
                self._record_body.addWidget(Label(text, wrap=True))
        self.needs.set_lines([need_line(need.id, need.kind, need.state, need.text, need.ticket) for need in view.needs])
        for part in (self.needs, self.needs_title):
            part.setVisible(bool(view.needs))
        self.files.set_lines([_file_line(row) for row in view.attachments])
        self.files.setVisible(bool(view.attachments))

    def _fill_side(self, view: Preparation) -> None:
        today = self.context.clock.today()
        if self._internal_is_written():
            return
        before = self._listed_focus()
        empty(self._side, keep=1)
        cards: list[QWidget] = [people_card(view, today, self._choose_people)]
        if view.report_back:
            cards.append(report_card(view, self._open_back))
        nothing = _("Promises from the handover stand here until they are kept")
        cards.append(tasks_card(_("Promised, not yet kept"), view.promises, today, self._task_done, nothing))
        if view.tasks:
            cards.append(tasks_card(_("Open tasks"), view.tasks, today, self._task_done, ""))
        cards.append(materials_card(view, self._choose_materials, self._open_material))
        cards.append(self._internal_card(view))
        last = self._last_card(view)
        if last is not None:
            cards.append(last)
        for place, card in enumerate(cards):
            self._side.insertWidget(place, card)
        if before is not None:
            self._focus_again(cards, *before)

    def _internal_is_written(self) -> bool:
        """Whether the keyboard is in the internal box: it stays as it is until it is left."""
        return self.internal is not None and self.internal.hasFocus()

    def _listed_focus(self) -> tuple[str, object] | None:
        """The list at the side that has the keyboard, and its line."""
        for place in range(self._side.count()):
            item = self._side.itemAt(place)
            card = item.widget() if item is not None else None
            for view in card.findChildren(LinesView) if card is not None else ():
                if view.hasFocus():
                    return view.accessibleName(), view.current_key()
        return None

    def _focus_again(self, cards: list[QWidget], name: str, key: object) -> None:
        for card in cards:
            for view in card.findChildren(LinesView):
                if view.accessibleName() == name:
                    view.choose(key)
                    view.setFocus()

    def _internal_card(self, view: Preparation) -> Card:
        card = Card(_("Contract and money"))
        card.header.insertWidget(1, StateBadge(_("internal"), "warn"))
        from csdesk.services.visits.deal_words import deal_lines

        for line in deal_lines(view, self.context.clock.today()):
            card.add(Label(line, wrap=True))
        if view.risks:
            card.add(Label(_("Risks: {text}").format(text=view.risks), "caption", "muted", wrap=True))
        self.internal = GrowingText(_("For us alone"), _("Our limits, what to avoid; never on the customer's copy"), 2)
        self.internal.show_text(self._unsaved.get("internal", view.written.internal))
        self.internal.edited.connect(partial(self._typed, "internal"))
        self.internal.left.connect(self.save)
        card.add(self.internal)
        return card

    def _last_card(self, view: Preparation) -> Card | None:
        last = view.last
        if last is None or last.done_on is None:
            return None
        today = self.context.clock.today()
        card = Card(_("Last time"), _("Open"), formats.day_short(last.done_on, today))
        card.linked.connect(partial(self._go_visit, last.id))
        card.add(Label(last.record or _("Nothing was written down"), ink="text" if last.record else "muted", wrap=True))
        if last.next_step:
            card.add(Label(_("Next step: {text}").format(text=last.next_step), "caption", "muted", wrap=True))
        for need in view.open_needs[:3]:
            card.add(Label(_("Need: {text}").format(text=need.text), "caption", "muted", wrap=True))
        return card

    def _typed(self, key: str, text: str) -> None:
        self._unsaved[key] = text
        self.saved_word.setText(_("Typing…"))
        self._saver.start()

    def _type_chosen(self, _index: int) -> None:
        self._unsaved["type"] = str(self.type.value() or "")
        self.save()

    def save(self) -> None:
        """Store what was typed since the last time."""
        from csdesk.services.visits.preparing import Prepare, prepare_visit

        self._saver.stop()
        if not self._unsaved or not self.visit_id:
            return
        wish, self._unsaved = Prepare(self.visit_id, dict(self._unsaved)), {}
        self.context.runner.do(prepare_visit, wish, then=self._stored, failed=self._refused, toast=False)

    def _stored(self, _done: object) -> None:
        if not self._unsaved:
            now = self.context.desk.saved_at
            self.saved_word.setText(_("Saved {time}").format(time=formats.clock_time(now)) if now else "")

    def _refused(self, problems: tuple[Any, ...]) -> None:
        self.context.messages.bar(self.key, " ".join(problem.message for problem in problems), key="visit.text")

    def _offer_first_step(self) -> None:
        """The keyboard goes to the next step, unless it stands somewhere on the page already."""
        focused = QApplication.focusWidget()
        here = focused is not None and focused is not self and self.isAncestorOf(focused)
        if self.fill_button.isVisible() and not here:
            self.fill_button.setFocus()

    def _fill_in(self) -> None:
        from csdesk.services.visits.preparing import FillIn, fill_in

        self.save()
        self.context.runner.do(fill_in, FillIn(self.visit_id), then=self._filled)

    def _filled(self, _done: object) -> None:
        self.texts["wanted"].setFocus()

    def _record(self) -> None:
        from csdesk.ui.visits.record import record_form

        self.save()
        if self.view is not None:
            record_form(self.context, self.visit_id, self)

    def print_report(self) -> None:
        self._print(True)

    def _print_for_customer(self) -> None:
        self._print(False)

    def _print(self, internal: bool) -> None:
        from csdesk.ui.visits.paper import preview_sheet

        self.save()
        if self.view is not None:
            preview_sheet(self.context, self.visit_id, internal, self)

    def _choose_people(self) -> None:
        from csdesk.ui.visits.pickers import choose_people

        if self.view is not None:
            choose_people(self.context, self.view, self)

    def _choose_materials(self) -> None:
        from csdesk.ui.visits.pickers import choose_materials

        if self.view is not None:
            choose_materials(self.context, self.view, self)

    def _task_done(self, task_id: object) -> None:
        from csdesk.services.tasks.commands import Tasks, complete_tasks

        if isinstance(task_id, int):
            self.context.runner.do(complete_tasks, Tasks((task_id,)))

    def _open_back(self, key: object) -> None:
        kind, row_id = key if isinstance(key, tuple) else ("", 0)
        if kind == "notices":
            self.context.go.to("telling", notice=row_id)
        elif kind == "tickets":
            self.context.go.to("ticket", id=row_id)

    def _open_material(self, material_id: object) -> None:
        from csdesk.ui.articles.opening import open_article

        material = next((one for one in self.view.materials if one.id == material_id), None) if self.view else None
        if material is None or material.article_id is None:
            return
        if material.missing and material.file is None:
            self.context.messages.bar(
                self.key, _("This article was deleted. It may still be in the bin."), key="missing"
            )
            return
        open_article(self.context, material.article_id, self)

    def _attach(self) -> None:
        from csdesk.ui.articles.opening import choose_files
        from csdesk.ui.visits.record import attach

        attach(self.context, self.visit_id, choose_files(self))

    def _open_file(self, key: object) -> None:
        from csdesk.ui.articles.opening import open_kept

        row = next((one for one in self.view.attachments if one.id == key), None) if self.view else None
        if row is not None:
            open_kept(self.context, row.kept)

    def _file_menu(self, key: object, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(_("Open")).triggered.connect(partial(self._open_file, key))
        menu.addAction(_("Delete")).triggered.connect(partial(self._detach, key))
        menu.popup(place)

    def _detach(self, key: object, _checked: bool = False) -> None:
        from csdesk.services.attachments.commands import Detach, detach

        if isinstance(key, int):
            self.context.runner.do(detach, Detach((key,)))

    def _need_menu_of(self, need: object) -> None:
        self._need_menu(need, self.needs.mapToGlobal(QPoint(px(24), px(24))))

    def _need_menu(self, need: object, place: QPoint) -> None:
        if not isinstance(need, int):
            return
        menu = QMenu(self)
        heard = next((one for one in self.view.needs if one.id == need), None) if self.view is not None else None
        if heard is not None and heard.ticket_id is not None:
            words = _("Open {number}").format(number=heard.ticket)
            menu.addAction(words).triggered.connect(partial(self._open_ticket, heard.ticket_id))
        elif heard is not None and heard.opportunity_id is not None:
            opened = partial(self._open_opportunity, heard.opportunity_id)
            menu.addAction(_("Open the opportunity")).triggered.connect(opened)
        elif heard is not None:
            if heard.kind in (None, NeedKind.REQUIREMENT):
                menu.addAction(_("Make a ticket of it…")).triggered.connect(partial(self._make_ticket, heard))
            if heard.kind in (None, NeedKind.EXPANSION):
                made = partial(self._make_opportunity, heard)
                menu.addAction(_("Make an opportunity of it…")).triggered.connect(made)
        menu.addSeparator()
        for kind in NeedKind:
            menu.addAction(_(kind.label)).triggered.connect(partial(self._set_need, need, kind, None))
        menu.addSeparator()
        menu.addAction(_("Drop it")).triggered.connect(partial(self._set_need, need, None, NeedState.DROPPED))
        menu.addAction(_("Open again")).triggered.connect(partial(self._set_need, need, None, NeedState.OPEN))
        menu.popup(place)

    def _open_ticket(self, ticket_id: int, _checked: bool = False) -> None:
        self.context.go.to("ticket", id=ticket_id)

    def _make_ticket(self, need: HeardNeed, _checked: bool = False) -> None:
        """The need in the words in which it was heard: what is typed beside it goes along, one undo takes both back."""
        from csdesk.ui.tickets.capture import capture

        said = {"text": need.text, "reported_on": need.heard_on.isoformat(), "channel": Channel.VISIT.value}
        capture(self.context, self.subject(), said, need.id)

    def _open_opportunity(self, opportunity_id: int, _checked: bool = False) -> None:
        from csdesk.ui.opportunities.forms import edit_opportunity

        edit_opportunity(self.context, opportunity_id, self)

    def _make_opportunity(self, need: HeardNeed, _checked: bool = False) -> None:
        """What they may buy in the words in which it was heard; one undo takes it and the need's new state back."""
        said = {"title": " ".join(need.text.split())[:80], "notes": need.text}
        self._new_opportunity(said, OpportunityOrigin.NEED, need.id)

    def _opportunity_here(self) -> None:
        if self.view is not None:
            self._new_opportunity({}, OpportunityOrigin.VISIT, self.view.card.id)

    def _new_opportunity(self, said: dict[str, str], origin: OpportunityOrigin, origin_id: int) -> None:
        from csdesk.ui.opportunities.forms import new_opportunity

        if self.view is not None:
            account, name = self.view.account.id, self.view.card.account
            new_opportunity(self.context, account, name, said, origin, origin_id, self)

    def _set_need(self, need: int, kind: NeedKind | None, state: NeedState | None, _checked: bool = False) -> None:
        from csdesk.services.visits.recording import SetNeed, set_need

        self.context.runner.do(set_need, SetNeed(need, kind, state))

    def _open_account(self) -> None:
        if self.view is not None:
            self.context.go.to("accounts", id=self.view.account.id)

    def _note(self) -> None:
        if self.view is not None:
            self.context.go.to("accounts", id=self.view.account.id, tab="timeline", write=True)

    def _go_visit(self, visit_id: int) -> None:
        self.context.go.to("visits", id=visit_id)

    def _open_plan(self) -> None:
        self.context.go.to("visits")

    def _on_board(self) -> None:
        if self.view is not None and self.view.card.day is not None:
            self.context.go.to("visits", day=self.view.card.day.isoformat(), visit=self.visit_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers() and self.view is not None:
            self.setFocus()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.view is not None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from csdesk.ui.visits.record import attach

        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        attach(self.context, self.visit_id, paths)
        event.acceptProposedAction()

    def subject(self) -> Subject | None:
        return subject_of(self.view) if self.view is not None else None

    def page_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "") -> Action:
            return Action(f"visit.{key}", text, run, icon, shortcut, "visit", (self.key,), 2)

        return [
            act("fill", N_("Fill in what is known"), self._fill_in, "Ctrl+Return"),
            act("record", N_("Record visit"), self._record, "D", "check"),
            act("people", N_("Whom to meet…"), self._choose_people, "", "people"),
            act("materials", N_("What to bring…"), self._choose_materials, "", "knowledge"),
            act("attach", N_("Attach files…"), self._attach, "", "link"),
            act("account", N_("Open the account"), self._open_account, "O", "accounts"),
            act("note", N_("Write a note"), self._note, "L", "note"),
            act("opportunity", N_("New opportunity seen here"), self._opportunity_here, "", "target"),
            act("copy", N_("Print the customer's copy"), self._print_for_customer, "Ctrl+Shift+P", "print"),
            act("board", N_("Show it in the week"), self._on_board, "", "visits"),
        ]

    def crumbs(self) -> tuple[Crumb, ...]:
        if self.view is None:
            return ()
        day = self.view.card.day
        week = (Crumb(formats.week_title(day), {"day": day.isoformat()}),) if day is not None else ()
        return (*week, Crumb(self.view.card.account))

    def focus_first(self) -> None:
        if self.fill_button.isVisible():
            self.fill_button.setFocus()
        else:
            self.texts["wanted"].setFocus()

    def may_leave(self) -> bool:
        self.save()
        return True

    def remember(self) -> dict[str, Any]:
        self.save()
        return {}

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._save_room()

    def _save_room(self) -> None:
        small = self.window().width() < SMALL_WINDOW
        self._both.setDirection(QBoxLayout.Direction.TopToBottom if small else QBoxLayout.Direction.LeftToRight)
        for button in (self.account_button, self.record_button, self.fill_button):
            button.show_key(not small)


def _under(caption: str, editor: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(4))
    label = Label(caption, "caption", "muted")
    label.setBuddy(editor)
    column.addWidget(label)
    column.addWidget(editor)
    return column


def _badge_row(caption: str, badge: Badge) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(8))
    row.addWidget(Label(caption, "caption", "muted"))
    row.addWidget(StateBadge(badge.text, badge.tone))
    row.addStretch(1)
    return holder


def _steps(view: Preparation) -> str:
    lines = []
    for task in view.own_tasks:
        day = f" \u00b7 {formats.day_iso(task.due_on)}" if task.due_on else ""
        lines.append(f"{'' if task.is_open else chr(0x2713) + ' '}{task.text}{day}")
    return "\n".join(lines) or view.card.next_step


def _effort(view: Preparation) -> str:
    written, parts = view.written, []
    if written.spent:
        parts.append(ngettext("{n} minute there", "{n} minutes there", written.spent).format(n=written.spent))
    if written.travel:
        parts.append(
            ngettext("{n} minute on the way", "{n} minutes on the way", written.travel).format(n=written.travel)
        )
    if written.expenses:
        parts.append(_("{amount} CNY").format(amount=formats.money_exact(written.expenses)))
    return " \u00b7 ".join(parts)


def _file_line(row: Any) -> Line:
    from csdesk.services.files.kept_files import size_text

    badges = () if row.there else (Badge(_("missing"), "bad"),)
    return Line(row.id, row.kept.name, icon="link", badges=badges, right=size_text(row.kept.size), bold=False,
                muted=not row.there)  # fmt: skip
