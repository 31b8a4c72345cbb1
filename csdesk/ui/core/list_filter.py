"""What narrows a list: saved views as chips with counts, words, conditions in plain language, all kept for the next time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from csdesk.services.core.columns import Filter
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.chip_row import ChipRow, Filters, View
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.fields import FormField
from csdesk.ui.core.flow import FlowLayout
from csdesk.ui.core.form import FormDialog, open_form
from csdesk.ui.core.parts import Button, Field, Label, RemovableChip
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

TYPING_MS = 120


@dataclass(frozen=True)
class Kind:
    """A kind of condition: its key, title (msgid) and the values offered, as (value, msgid); one value needs no choice.

    One without values is not offered: other pages come with it.
    """

    key: str
    title: str
    values: tuple[tuple[str | int, str], ...]

    def words(self, value: Any) -> str:
        """A value in words; a number that is not among the offered ones is a number of days."""
        for offered, text in self.values:
            if offered == value:
                return _(text)
        return ngettext("in {n} day", "in {n} days", value).format(n=value) if isinstance(value, int) else str(value)


class WordsField(Field):
    """The field that filters a list. Enter and arrow down go to the list, Escape empties it first."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ListFilter(QWidget):
    """Chips above, words and conditions beneath. ``changed`` follows a change at once, while typing after a moment.

    What is chosen is kept under ``list.<name>``, the user's own views under ``views.<name>``. ``views_changed``: own ones
    came or went, ask for counts again.
    """

    changed = Signal()
    views_changed = Signal()
    left = Signal()

    def __init__(
        self, context: Context, name: str, views: Sequence[View], kinds: Sequence[Kind], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._name = context, name
        self._given, self.kinds = tuple(views), {kind.key: kind for kind in kinds}
        self.view = views[0].key
        self.filters: Filters = ()
        self._chips: list[RemovableChip] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        self.chips = ChipRow()
        self.chips.chosen.connect(self.choose)
        self.chips.menu_wanted.connect(self._view_menu)
        column.addWidget(self.chips)
        self._below = QWidget()
        self._below.setLayout(self._row())
        column.addWidget(self._below)
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self._tell)
        self.chips.set_views(self.views())
        self._recall()

    def _row(self) -> QHBoxLayout:
        self._flow = FlowLayout()
        self.words = WordsField(_("Filter this list"), _("Filter this list"), "filter", "/")
        self.words.setFixedWidth(px(220))
        self.words.textChanged.connect(self._typed)
        self.words.left.connect(self.left)
        self.add = Button(_("Condition"), "plus", kind="ghost", small=True)
        self.add.clicked.connect(self._offer_kinds)
        self.clear = Button(_("Clear"), kind="link")
        self.clear.clicked.connect(self.clear_all)
        for part in (self.words, self.add, self.clear):
            self._flow.addWidget(part)
        self.note = Label(_("View changed"), "caption", "muted")
        self.save = Button(_("Save view"), kind="link")
        self.save.clicked.connect(self.save_view)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addLayout(self._flow, 1)
        side = QHBoxLayout()
        side.setSpacing(px(8))
        side.setContentsMargins(0, px(4), 0, 0)
        sides: tuple[QWidget, ...] = (self.note, self.save)
        for beside in sides:
            beside.setMinimumHeight(px(24))
            side.addWidget(beside, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(side)
        return row

    def views(self) -> list[View]:
        """Those that come with the desk, then the user's own."""
        kept = self._context.state.get(f"views.{self._name}", [])
        own = [view for view in map(self._own_view, kept if isinstance(kept, list) else []) if view is not None]
        return [*self._given, *own]

    @property
    def search(self) -> str:
        """The words."""
        return self.words.text().strip()

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.filters or self.search)

    @property
    def says_more(self) -> bool:
        """Whether words or conditions are asked for beside those of the chosen view."""
        view = next((view for view in self.views() if view.key == self.view), self._given[0])
        return bool(self.search) or view.filters != self.filters

    def show_words(self, shown: bool) -> None:
        """Show or hide what stands below the chips: words and conditions. It stays while the keyboard is there."""
        self._below.setVisible(shown or self.words.hasFocus())

    def told(self) -> str:
        """The conditions in words, for a list that is filtered to nothing."""
        parts = [" ".join(part for part in self._said(condition) if part) for condition in self.filters]
        parts += [_("“{words}”").format(words=self.search)] if self.search else []
        return _(", ").join(parts)

    def choose(self, key: str) -> None:
        """Choose a view: its conditions and words take the place of what was there."""
        view = next((view for view in self.views() if view.key == key), None)
        if view is not None:
            self._put(view.filters, key, view.search)
            self._tell()

    def put(self, condition: Filter) -> None:
        """Add a condition; it takes the place of one of its kind."""
        self._put((*(f for f in self.filters if f.key != condition.key), condition), self.view)
        self._tell()

    def remove(self, key: str) -> None:
        """Take a condition away."""
        self._put(tuple(f for f in self.filters if f.key != key), self.view)
        self._tell()

    def clear_all(self) -> None:
        """Everything again: the view without conditions, the first one where each has some."""
        self.choose(next((view for view in self._given if not view.filters), self._given[0]).key)

    def set_words(self, text: str) -> None:
        """Put words in without waiting."""
        self.words.blockSignals(True)
        self.words.setText(text)
        self.words.blockSignals(False)
        self._show_state()

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """How many each view holds."""
        self.chips.set_counts(counts)

    def offer(self, kinds: Sequence[Kind]) -> None:
        """Offer these conditions from now on."""
        self.kinds = {kind.key: kind for kind in kinds}

    def set_narrow(self, narrow: bool) -> None:
        """Save room: no note beside the link."""
        self._narrow = narrow
        self._show_state()

    def save_view(self) -> None:
        """Ask for a name and keep the conditions and words as a view."""
        fields = [FormField("name", N_("View name"), required=True, wide=True)]
        title = _("Save this view")
        open_form(self._context, title, fields, {}, self._save_named, verb=_("Save view"), parent=self.window())

    def delete_view(self, key: str) -> None:
        """Forget a view of the user's own; a toast offers it back."""
        gone = next(view for view in self.views() if view.key == key)
        self._keep_views([view for view in self.views() if view.own and view.key != key])
        if self.view == key:
            self.choose(self._given[0].key)
        text = _("View deleted: {name}").format(name=gone.title)
        self._context.messages.toast(text, undo=partial(self._bring_back, gone))

    def _save_named(self, draft: Mapping[str, str], dialog: FormDialog) -> None:
        from csdesk.services.core.errors import Problem, Problems

        name = draft["name"].strip()
        if not name:
            raise Problems([Problem("name", _("A view needs a name."))])
        view = View(f"own:{name}", name, self.filters, self.search, own=True)
        self._keep_views([*(v for v in self.views() if v.own and v.key != view.key), view])
        dialog.done_well()
        self.choose(view.key)

    def _bring_back(self, view: View) -> None:
        self._keep_views([*(v for v in self.views() if v.own), view])

    def _keep_views(self, own: Sequence[View]) -> None:
        kept = [{"name": v.title, "search": v.search, "filters": _plain(v.filters)} for v in own]
        self._context.state.set(f"views.{self._name}", kept or None)
        self.chips.set_views(self.views())
        self.chips.mark(self.view)
        self.views_changed.emit()

    def _own_view(self, kept: Any) -> View | None:
        if not isinstance(kept, dict) or not str(kept.get("name", "")).strip():
            return None
        name = str(kept["name"])
        return View(f"own:{name}", name, self._understood(kept.get("filters")), str(kept.get("search", "")), own=True)

    def _view_menu(self, key: str, at: QPoint) -> None:
        view = next((view for view in self.views() if view.key == key and view.own), None)
        if view is not None:
            menu = QMenu(self)
            menu.addAction(_("Delete view")).triggered.connect(partial(self.delete_view, key))
            pop_up(menu, at)

    def _understood(self, kept: Any) -> Filters:
        pairs = [pair for pair in kept if isinstance(pair, list) and len(pair) == 2] if isinstance(kept, list) else []
        made = [Filter(key, tuple(value) if isinstance(value, list) else value) for key, value in pairs]
        return tuple(condition for condition in made if condition.key in self.kinds)

    def _recall(self) -> None:
        kept = self._context.state.get(f"list.{self._name}", {})
        kept = kept if isinstance(kept, dict) else {}
        known = {view.key for view in self.views()}
        view = kept.get("view") if kept.get("view") in known else self._given[0].key
        filters = self._understood(kept["filters"]) if "filters" in kept else self._given[0].filters
        self._put(filters, str(view), str(kept.get("search", "")))

    def _put(self, filters: Filters, view: str, search: str | None = None) -> None:
        self.filters, self.view = filters, view
        if search is not None:
            self.set_words(search)
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for condition in filters:
            chip = RemovableChip(*self._said(condition))
            chip.removed.connect(partial(self.remove, condition.key))
            chip.clicked.connect(partial(self._offer_values, condition.key, chip))
            self._chips.append(chip)
            self._flow.insert(len(self._chips), chip)
            self.setTabOrder(self._chips[-2] if len(self._chips) > 1 else self.words, chip)
        self.chips.mark(view)
        self._show_state()

    def _said(self, condition: Filter) -> tuple[str, str]:
        kind = self.kinds.get(condition.key)
        if kind is None:
            return condition.key, str(condition.value)
        return _(kind.title), kind.words(condition.value) if len(kind.values) > 1 else ""

    def _show_state(self) -> None:
        view = next((view for view in self.views() if view.key == self.view), self._given[0])
        differs = view.filters != self.filters or view.search != self.search
        self.clear.setVisible(self.is_narrowed)
        self.note.setVisible(differs and not getattr(self, "_narrow", False))
        self.save.setVisible(differs and self.is_narrowed)

    def _typed(self, _text: str) -> None:
        self._show_state()
        self._typing.start()

    def _tell(self) -> None:
        self._typing.stop()
        kept = {"view": self.view, "search": self.search, "filters": _plain(self.filters)}
        self._context.state.set(f"list.{self._name}", kept)
        self.changed.emit()

    def _offer_kinds(self) -> None:
        menu = QMenu(self)
        for kind in self.kinds.values():
            if not kind.values:
                continue
            if len(kind.values) == 1:
                self._entry(menu, kind, kind.values[0][0], _(kind.title))
                continue
            inner = menu.addMenu(_(kind.title))
            for value, _text in kind.values:
                self._entry(inner, kind, value, kind.words(value))
        pop_up(menu, self.add.mapToGlobal(QPoint(0, self.add.height())))

    def _offer_values(self, key: str, chip: RemovableChip) -> None:
        kind = self.kinds.get(key)
        if kind is None or len(kind.values) < 2:
            return
        menu = QMenu(self)
        for value, _text in kind.values:
            self._entry(menu, kind, value, kind.words(value))
        pop_up(menu, chip.mapToGlobal(QPoint(0, chip.height())))

    def _entry(self, menu: QMenu, kind: Kind, value: str | int, text: str) -> QAction:
        entry = menu.addAction(text.replace("&", "&&"))
        entry.triggered.connect(partial(self.put, Filter(kind.key, value)))
        return entry


def _plain(filters: Filters) -> list[list[Any]]:
    return [[f.key, list(f.value) if isinstance(f.value, tuple) else f.value] for f in filters]
