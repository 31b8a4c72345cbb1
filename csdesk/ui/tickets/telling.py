"""To tell: every answer that a customer waits for, the oldest first; chosen, said, marked as told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from csdesk.models.vocabulary import Channel, NoticeCause, NoticeState
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.fields import FieldKind, FormField
from csdesk.ui.core.form import FormDialog, open_form
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.page import SMALL_WINDOW, Args
from csdesk.ui.core.parts import EmptyState
from csdesk.ui.core.theme import px
from csdesk.ui.tickets.answer_pane import AnswerPane
from csdesk.ui.tickets.telling_words import AGE_TONES, CAUSE_TONES, stored_word

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

KINDS = (
    Kind("state", N_("State"), tuple((state.value, state.label) for state in NoticeState)),
    Kind("cause", N_("Answer"), tuple((cause.value, cause.label) for cause in NoticeCause)),
    Kind("late", N_("Told late"), (("", ""),)),
    Kind("older", N_("Waits longer than"), ((3, N_("3 days")), (7, N_("7 days")), (14, N_("14 days")), (30, N_("30 days")))),
    Kind("tier", N_("Tier"), (("A", N_("Premium")), ("B", N_("Medium")), ("C", N_("Ordinary")))),
    Kind("account", N_("Account"), ()),
    Kind("demand", N_("Demand"), ()),
    Kind("release", N_("Release"), ()),
)  # fmt: skip


class TellingPage(ListPage):
    """The queue at the left; the chosen answer with its text at the right."""

    key = "telling"
    entities = frozenset({"notices", "tickets", "demands", "releases", "accounts", "contacts", "settings"})
    row_actions = ("telling.open", "telling.tell", "telling.tell_on", "telling.copy_text", "telling.account",
                   "telling.matter")  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.table.cells.tones = {
            "cause": {cause.value: tone for cause, tone in CAUSE_TONES.items()},
            "age": AGE_TONES,
        }
        self.table.current_changed.connect(self.pane.follow)
        self.table.counted.connect(self._ids_counted)

    def make_spec(self) -> ListSpec:
        from csdesk.services.tickets.queue import VIEWS, queue, queue_counts

        first = EmptyState(
            _("Nobody waits for an answer"),
            _(
                "When product accepts, dates, declines or releases what customers asked for, they stand here to be told."
            ),
            normal=_("Open the requirements"),
        )
        first.chosen.connect(self._requirements)
        return ListSpec(
            listing=queue(self.context.clock.today()),
            title=_("To tell"),
            views=[View(key, title, filters) for key, title, filters in VIEWS],
            kinds=KINDS,
            counts=queue_counts,
            counted=_counted,
            words=stored_word,
            nothing=_("No answer fits"),
            first=first,
            bulk=(Bulk(_("Mark as told…"), self._tell, "check", "D", primary=True),),
        )

    def _body(self) -> QWidget:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(16))
        row.addWidget(super()._body(), 1)
        self.pane = AnswerPane(self.context)
        self.pane.told.connect(self._tell_one)
        self.pane.account_wanted.connect(self._account)
        self.pane.matter_wanted.connect(self._matter)
        row.addWidget(self.pane)
        return both

    def refresh(self) -> None:
        from csdesk.services.tickets.queue import queue

        listing = queue(self.context.clock.today())
        if listing is not self.spec.listing:  # another day has begun: the days of waiting are counted anew
            self.spec = replace(self.spec, listing=listing)
            self.table.listing = listing
        super().refresh()

    def arrive(self, args: Args) -> None:
        if "notice" in args:
            self.filter.choose("open")
            self.table.choose(int(args["notice"]))
        super().arrive(args)

    def open_row(self, record: int) -> None:
        self.pane.text.setFocus()

    def may_leave(self) -> bool:
        self.pane.keep()
        return True

    def key_hints(self) -> list[tuple[str, str]]:
        return [("Enter", _("edit the text")), ("C", _("copy it")), ("D", _("mark as told")), ("X", _("tick"))]

    def more_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "") -> Action:
            return Action(f"telling.{key}", text, run, icon, shortcut, "account", (self.key,), 2)

        return [
            act("open", N_("Edit the text"), self._open, "E", "edit"),
            act("copy_text", N_("Copy the text"), self.pane.copy_text, "C", "copy"),
            act("tell", N_("Mark as told"), self._tell, "D", "check"),
            act("tell_on", N_("Mark as told, on a day…"), self._tell_on, "Shift+D", "calendar"),
            act("account", N_("Open account"), self._account, "O", "accounts"),
            act("matter", N_("Open the demand or ticket"), self._matter, "Shift+O"),
            act("templates", N_("Texts of answers…"), self._templates, "", "settings"),
        ]

    def _say_nothing(self) -> None:
        """Where nothing is left to tell that is no fault of a filter."""
        from csdesk.services.tickets.queue import VIEWS

        if self.filter.filters != VIEWS[0][2] or self.filter.search:
            super()._say_nothing()
            return
        empty(self._nothing_place)
        state = EmptyState(
            _("Everybody knows"),
            _(
                "Every answer so far was told. New ones come when product accepts, dates, declines or releases something."
            ),
            normal=_("Show what was told"),
        )
        state.chosen.connect(partial(self.filter.choose, "told"))
        self._nothing_place.addWidget(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.pane.set_narrow(self.window().width() < SMALL_WINDOW)

    def _show_state(self) -> None:
        super()._show_state()
        self.pane.setVisible(self._stack.currentIndex() == 0)

    def _ids_counted(self, _count: int) -> None:
        if self.table.current_id() is None and self.table.model_.ids:
            self.table.choose(self.table.model_.ids[0])
        self.pane.follow(self.table.current_id())

    def _open(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.open_row(current)

    def _tell(self) -> None:
        """One answer as the pane says; of several, the way and the day are asked for once."""
        if self.table.model_.ticked:
            self._tell_on()
        else:
            self._tell_one()

    def _tell_one(self) -> None:
        from csdesk.services.tickets.telling import Tell, tell_customers

        if self.pane.notice_id is not None and self.pane.is_open:
            wish = Tell((self.pane.notice_id,), **self.pane.choice())
            self.pane.let_go()
            self.context.runner.do(tell_customers, wish, then=self._told)

    def _told(self, _done: object) -> None:
        self.table.setFocus()

    def _tell_on(self) -> None:
        ids = tuple(self.table.acting_ids())
        if ids:
            self.pane.keep()
            tell_form(self.context, ids, self.pane.choice() if ids == (self.pane.notice_id,) else {}, self)

    def _account(self) -> None:
        if self.pane.view is not None:
            self.context.go.to("accounts", id=self.pane.view.row.account_id)

    def _matter(self) -> None:
        if self.pane.view is not None:
            row = self.pane.view.row
            if row.demand_id is not None:
                self.context.go.to("tickets", id=row.demand_id)
            else:
                self.context.go.to("ticket", id=row.ticket_id)

    def _requirements(self) -> None:
        self.context.go.to("tickets")

    def _templates(self) -> None:
        self.context.go.to("settings", section="answers")


def tell_form(context: Context, ids: tuple[int, ...], chosen: Mapping[str, Any], parent: QWidget) -> FormDialog:
    """Ask how and when some customers were told; each keeps its own text."""
    from csdesk.services.core.errors import Problem, Problems
    from csdesk.services.core.values import Unreadable, parse_day
    from csdesk.services.tickets.telling import Tell, tell_customers

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        try:
            day = parse_day(typed["on"], context.clock.today())
        except Unreadable as error:
            raise Problems([Problem("on", str(error), code="unreadable")]) from error
        own = {key: value for key, value in chosen.items() if key != "channel"}
        wish = Tell(ids, Channel(typed["channel"]), on=day, by=typed["by"], **own)
        context.runner.do(tell_customers, wish, then=dialog.done_well, failed=dialog.refuse)

    ways = tuple((one.value, _(one.label)) for one in Channel)
    fields = (
        FormField("channel", N_("Channel"), FieldKind.CHOICE, options=ways),
        FormField("on", N_("Told on"), FieldKind.DAY),
        FormField("by", N_("By whom"), hint=N_("Empty: you"), wide=True),
    )
    draft = {"channel": chosen.get("channel", Channel.WECHAT).value, "on": context.clock.today().isoformat()}
    title = ngettext("{n} answer told", "{n} answers told", len(ids)).format(n=len(ids))
    return open_form(context, title, fields, draft, send, verb=_("Mark as told"), parent=parent.window())


def _counted(count: int) -> str:
    return ngettext("{n} answer", "{n} answers", count).format(n=formats.number(count))
