"""Releases as a list: what comes with each, who asked for it, how many were told; moved and shipped from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from csdesk.models.vocabulary import TicketKind, TicketState
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.page import SMALL_WINDOW
from csdesk.ui.core.parts import Button, Card, EmptyState, Label
from csdesk.ui.core.theme import px
from csdesk.ui.tickets import release_forms
from csdesk.ui.tickets.telling_words import STATE_TONES

if TYPE_CHECKING:
    from csdesk.services.tickets.queries import TicketRow
    from csdesk.services.tickets.shipping import Outlook
    from csdesk.ui.core.context import Context

KINDS = (
    Kind("planned", N_("Planned"), (("", ""),)),
    Kind("out", N_("Out"), (("", ""),)),
)
WIDTH, NARROW = 344, 280


class ReleasesPage(ListPage):
    """The releases at the left; who asked for what is in the chosen one at the right."""

    key = "releases"
    entities = frozenset({"releases", "demands", "tickets", "notices", "accounts"})
    row_actions = ("releases.open", "releases.ship", "releases.told", "releases.delete")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.table.current_changed.connect(self._follow)
        self.table.counted.connect(self._ids_counted)

    def make_spec(self) -> ListSpec:
        from csdesk.services.tickets.release_list import RELEASE_VIEWS, release_counts, release_list

        first = EmptyState(
            _("No releases yet"),
            _(
                "They come when product names one for a demand or a bug, or by hand. When one is out, its customers are told."
            ),
            _("New release"),
        )
        first.chosen.connect(self._new)
        return ListSpec(
            listing=release_list(),
            title=_("Releases"),
            views=[View(key, title, filters) for key, title, filters in RELEASE_VIEWS],
            kinds=KINDS,
            counts=release_counts,
            counted=_counted,
            words=_no_words,
            nothing=_("No release fits"),
            first=first,
            bulk=(Bulk(_("Delete"), self._delete, "trash"),),
        )

    def _body(self) -> QWidget:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(16))
        row.addWidget(super()._body(), 1)
        row.addWidget(self._side())
        return both

    def _side(self) -> QWidget:
        self.side = Card(_("Who asked"), padded=False)
        self.side.setFixedWidth(px(WIDTH))
        self.asked = LinesView(_("Who asked"), 0)
        self.asked.opened.connect(self._open_ticket)
        self.nobody = Label(
            _("Nothing is planned for it yet: name it when a demand is accepted or a bug gets a day."),
            ink="muted",
            wrap=True,
        )
        self.nobody.setContentsMargins(px(15), 0, px(15), 0)
        self.side.add(self.nobody)
        self.side.add(self.asked, 1)
        verbs = QHBoxLayout()
        verbs.setContentsMargins(px(15), px(8), px(15), px(8))
        self.ship = Button(_("It is out…"), "check", "D", "primary")
        self.ship.clicked.connect(self._ship)
        self.tell = Button(_("Tell the customers"), "mail", "", "primary")
        self.tell.clicked.connect(self._told)
        verbs.addStretch(1)
        verbs.addWidget(self.tell)
        verbs.addWidget(self.ship)
        self.side.add(verbs)
        return self.side

    def open_row(self, record: int) -> None:
        self._read(record, self._edit)

    def key_hints(self) -> list[tuple[str, str]]:
        return [("Enter", _("edit")), ("D", _("it is out")), ("X", _("tick"))]

    def more_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "") -> Action:
            return Action(f"releases.{key}", text, run, icon, shortcut, "account", (self.key,), 2)

        return [
            act("open", N_("Edit release"), self._open, "E", "edit"),
            act("ship", N_("The release is out…"), self._ship, "D", "check"),
            act("told", N_("Tell its customers"), self._told, "", "mail"),
            act("delete", N_("Delete releases"), self._delete, "Ctrl+Delete", "trash"),
        ]

    def _read(self, record: int, then: Callable[[Any], object]) -> None:
        from csdesk.services.tickets.shipping import outlook

        self.context.runner.ask(outlook, record, then=then, owner=self, key="outlook")

    def _new(self) -> None:
        release_forms.new_release(self.context, self)

    def _open(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.open_row(current)

    def _edit(self, view: Outlook | None) -> None:
        if view is not None:
            release_forms.edit_release(self.context, view, self)

    def _ship(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self._read(current, self._ship_read)

    def _ship_read(self, view: Outlook | None) -> None:
        if view is None:
            return
        if view.released_on is not None and not (view.accepted.demands or view.accepted.bugs):
            words = _("{name} is out since {day}.")
            self.context.messages.toast(words.format(name=view.name, day=formats.day_iso(view.released_on)))
        else:
            release_forms.ship(self.context, view, self)

    def _told(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.context.go.to("telling", filter=("release", current))

    def _delete(self) -> None:
        from csdesk.services.tickets.releases import Releases, delete_releases

        ids = tuple(self.table.acting_ids())
        if ids:
            self.context.runner.do(delete_releases, Releases(ids))

    def _ids_counted(self, _count: int) -> None:
        if self.table.current_id() is None and self.table.model_.ids:
            self.table.choose(self.table.model_.ids[0])
        self._follow(self.table.current_id())

    def _follow(self, record: int | None) -> None:
        from csdesk.services.tickets.release_list import asked_of

        if record is None:
            self._fill_asked([])
            return
        self.context.runner.ask(asked_of, record, then=self._fill_asked, owner=self)
        self._read_standing(record)

    def _read_standing(self, record: int) -> None:
        from csdesk.services.tickets.shipping import outlook

        self.context.runner.ask(outlook, record, then=self._fill_verbs, owner=self, key="standing")

    def _fill_verbs(self, view: Outlook | None) -> None:
        waits = view is not None and (view.released_on is None or bool(view.accepted.demands or view.accepted.bugs))
        self.ship.setVisible(waits)
        self.tell.setVisible(view is not None and not waits)

    def _fill_asked(self, rows: Sequence[TicketRow]) -> None:
        accounts = len({row.account_id for row in rows})
        note = ngettext("{n} account", "{n} accounts", accounts).format(n=accounts) if rows else ""
        self.side.set_title(_("Who asked"), note)
        self.asked.set_lines(asked_lines(rows))
        self.nobody.setVisible(not rows)

    def _open_ticket(self, key: object) -> None:
        kind, row_id, _ticket = key if isinstance(key, tuple) else ("", 0, 0)
        if kind == "demand":
            self.context.go.to("tickets", id=row_id)
        elif kind == "ticket":
            self.context.go.to("ticket", id=row_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.setFixedWidth(px(NARROW if self.window().width() < SMALL_WINDOW else WIDTH))

    def _show_state(self) -> None:
        super()._show_state()
        self.side.setVisible(self._stack.currentIndex() == 0)


def asked_lines(rows: Sequence[TicketRow]) -> list[Line]:
    """By demand, then the bugs: who asked, and how far each is."""
    lines: list[Line] = []
    groups: dict[tuple[str, str], list[TicketRow]] = {}
    for row in rows:
        bug = row.kind == TicketKind.BUG
        groups.setdefault(("", _("Bugs")) if bug else (row.demand_number, row.demand_title), []).append(row)
    for (number, title), members in sorted(groups.items(), key=lambda group: (not group[0][0], group[0])):
        lines.append(Line(f"{number} {title}", f"{number} {title}".strip(), section=True))
        for row in members:
            bug = row.kind == TicketKind.BUG
            key = ("ticket", row.id) if bug else ("demand", row.demand_id)
            state = TicketState(row.state)
            badge = Badge(_(state.label), STATE_TONES.get(state, "line"))
            second = f"{row.number} {row.title}" if bug else ""
            lines.append(Line((*key, row.id), row.account, second, tier=row.tier or "", badges=(badge,), bold=False))
    return lines


def _no_words(_key: str, value: str) -> str:
    return value


def _counted(count: int) -> str:
    return ngettext("{n} release", "{n} releases", count).format(n=formats.number(count))
