"""What the palette lists for a text: hits in groups, commands; recent accounts and first actions for none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.actions import Action
from csdesk.ui.core.context import Context, Hit

LIMIT = 20
MOST_OF_A_KIND = 6
MOST_COMMANDS = 8
FIRST_ACTIONS = 6
PAGES = {"tickets": "ticket", "demands": "tickets"}
"""Kinds with a page of their own, and its key."""
SELDOM = ("window.", "edit.", "view.", "help.")
"""Commands of the window itself, which everybody knows by their keys: found by typing, not offered first."""
GROUPS = {
    "accounts": N_("Accounts"), "contacts": N_("Contacts"), "contracts": N_("Contracts"), "visits": N_("Visits"),
    "tickets": N_("Tickets"), "demands": N_("Demands"), "tasks": N_("Tasks"),
}  # fmt: skip
ICONS = {
    "accounts": "accounts", "contacts": "contact", "contracts": "contract", "visits": "visits", "tickets": "requirements",
    "demands": "requirements", "tasks": "task",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A line of the palette; without ``run`` it is the heading of a group."""

    title: str
    run: Callable[[], object] | None = None
    title_spans: Sequence[tuple[int, int]] = ()
    subtitle: str = ""
    subtitle_spans: Sequence[tuple[int, int]] = ()
    detail: str = ""
    tier: str = ""
    icon: str = ""
    key: str = ""

    def spoken(self) -> str:
        """What a screen reader says."""
        return ", ".join(part for part in (self.title, self.tier, self.subtitle, self.detail, self.key) if part)


class RowList(QAbstractListModel):
    """The lines for the view."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def rows(self) -> list[Row]:
        """Every line."""
        return self._rows

    def row(self, number: int) -> Row | None:
        """One line, None outside."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def set_rows(self, rows: list[Row]) -> None:
        """Show others."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def neighbour(self, number: int, by: int) -> QModelIndex:
        """The line that can be run ``by`` such lines further, round the ends."""
        live = [index for index, row in enumerate(self._rows) if row.run is not None]
        if not live:
            return QModelIndex()
        at = live.index(number) if number in live else -1 if by > 0 else 0
        target = at + by
        if abs(by) > 1:
            target = min(len(live) - 1, max(0, target))
        return self.index(live[target % len(live)])

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        row = self.row(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken()
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        row = self.row(index.row())
        if row is None or row.run is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class Opener:
    """Goes to a hit's record: its account, with the record beside it where it is none itself; a ticket's or a demand's
    own page, a task in its list."""

    def __init__(self, context: Context, kind: str, record: int, account: int) -> None:
        self._context, self._kind, self._record, self._account = context, kind, record, account

    def __call__(self) -> None:
        if self._kind == "accounts":
            self._context.go.to("accounts", id=self._account)
        elif self._kind == "tasks":
            self._context.go.to("tasks", task=self._record)
        elif self._kind in PAGES:
            self._context.go.to(PAGES[self._kind], id=self._record)
        else:
            self._context.go.to("accounts", id=self._account, tab=self._kind, record=self._record)


def rows_for(text: str, context: Context) -> list[Row]:
    """The lines for what is typed; ">" at the start asks for commands alone."""
    words = text.strip()
    if words.startswith(">"):
        return _group(_("Commands"), _commands(words[1:].strip(), context, 50))
    if not words:
        return _start(context)
    hits = context.search.find(words, LIMIT) if context.search is not None else ()
    rows = _hits(hits, context)
    rows += _group(_("Commands"), _commands(words, context, MOST_COMMANDS))
    return rows or _nothing(words, context)


def match_command(label: str, words: str) -> tuple[tuple[int, int], ...] | None:
    """Where ``words`` stand in a command's text, () when only its English name matched elsewhere, None when nowhere."""
    if not words:
        return ()
    at = label.casefold().find(words.casefold())
    return ((at, at + len(words)),) if at >= 0 else None


def _start(context: Context) -> list[Row]:
    recent = [
        Row(title, Opener(context, "accounts", record, record), icon="accounts")
        for record, title in context.state.recents("accounts")
    ]
    ready = [action for action in context.actions.here() if action.palette and action.is_enabled()]
    ready = [action for action in ready if not action.key.startswith(SELDOM)]
    first = sorted(ready, key=lambda action: not action.new)[:FIRST_ACTIONS]
    return _group(_("Opened last"), recent[:MOST_OF_A_KIND]) + _group(_("Commands"), [_action_row(a) for a in first])


def _hits(hits: Sequence[Hit], context: Context) -> list[Row]:
    rows: list[Row] = []
    kinds = sorted(
        {hit.kind for hit in hits}, key=lambda kind: (list(GROUPS).index(kind) if kind in GROUPS else 99, kind)
    )
    for kind in kinds:
        of_kind = [hit for hit in hits if hit.kind == kind][:MOST_OF_A_KIND]
        rows += _group(_(GROUPS.get(kind, kind)), [_hit_row(hit, context) for hit in of_kind])
    return rows


def _hit_row(hit: Hit, context: Context) -> Row:
    return Row(
        hit.title,
        Opener(context, hit.kind, hit.id, hit.account_id),
        tuple(hit.title_spans),
        hit.subtitle,
        tuple(hit.subtitle_spans),
        hit.detail,
        hit.tier,
        ICONS.get(hit.kind, "search"),
    )


def _commands(words: str, context: Context, most: int) -> list[Row]:
    found = []
    for action in context.actions.here():
        if not action.palette or not action.is_enabled():
            continue
        spans = match_command(action.label(), words)
        if spans is None and match_command(action.text, words) is not None:
            spans = ()
        if spans is not None:
            found.append(_action_row(action, spans))
    return found[:most]


def _action_row(action: Action, spans: tuple[tuple[int, int], ...] = ()) -> Row:
    return Row(action.label(), action.run, spans, icon=action.icon or "arrow", key=action.key_text())


def _group(title: str, rows: list[Row]) -> list[Row]:
    return [Row(title), *rows] if rows else []


def _nothing(words: str, context: Context) -> list[Row]:
    new = next((a for a in context.actions.here() if a.new and a.menu == "account" and a.is_enabled()), None)
    sentence = _("Nothing found for “{words}”").format(words=words)
    if new is None:
        return [Row(sentence)]
    return [Row(sentence), Row(_("New account"), new.run, icon="plus", key="Enter")]
