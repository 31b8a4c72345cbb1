"""The question into which demand another one goes: the likeliest first, narrowed by typing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from csdesk.models.vocabulary import DemandState
from csdesk.services.core.texts import _, ngettext
from csdesk.services.tickets.rules import demand_number
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.list_filter import WordsField
from csdesk.ui.core.parts import Segmented, Surface
from csdesk.ui.core.theme import px
from csdesk.ui.tickets.cards import accounts_words
from csdesk.ui.tickets.proposing import likeness
from csdesk.ui.tickets.wording import DEMAND_TONES

if TYPE_CHECKING:
    from csdesk.services.tickets.choices import Candidate
    from csdesk.ui.core.context import Context

OUT, IN = "out", "in"
MOST = 60
"""So many are shown at once; typing finds the others."""


class _Find(WordsField):
    """Escape in the empty field closes the dialog."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.text():
            event.ignore()
        else:
            super().keyPressEvent(event)


class MergeDialog(Dialog):
    """Lists demands; Enter or the button merges into the chosen one."""

    def __init__(
        self, context: Context, ids: tuple[int, ...], found: Sequence[Candidate], inward: bool, parent: QWidget
    ) -> None:
        count = len(ids)
        title = ngettext("Merge this demand with another", "Merge these {n} demands into another", count)
        super().__init__(
            title.format(n=count),
            _("Who asked for the one asks for the other then. Nothing is lost: it can be split off again."),
            parent,
        )
        self._context, self._ids, self._found = context, ids, found
        self.way = Segmented([(OUT, _("This one into the chosen one")), (IN, _("The chosen one into this"))], OUT)
        self.way.choose(IN if inward else OUT)
        self.way.setVisible(count == 1)
        self.body.addWidget(self.way)
        self.words = _Find(_("Find a demand"), _("Title or number"), "search")
        self.words.textChanged.connect(self._narrow)
        self.words.left.connect(self._to_list)
        self.body.addWidget(self.words)
        self.list = LinesView(_("Demands"), 64)
        self.list.opened.connect(self._merge_into)
        self.list.chosen.connect(self._chosen)
        surface = Surface(edged=False)
        inside = _filled(surface, self.list)
        inside.setContentsMargins(1, 1, 1, 1)
        self.body.addWidget(surface, 1)
        self.add_verb(_("Cancel"), self.reject, closes=False)
        self.verb = self.add_verb(_("Merge"), self._merge, "primary", closes=False)
        self._narrow("")
        self.words.setFocus()
        self.resize(px(620), px(520))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held == Qt.KeyboardModifier.ControlModifier:
            self._merge()
        else:
            super().keyPressEvent(event)

    def _narrow(self, typed: str) -> None:
        words = typed.casefold().split()
        fits = [one for one in self._found if all(word in _sought(one) for word in words)]
        self.list.set_lines(_lines(fits[:MOST]))
        self.list.choose_first()
        self.verb.setEnabled(bool(fits))

    def _to_list(self) -> None:
        self.list.setFocus()

    def _chosen(self, _key: object) -> None:
        self.verb.setEnabled(True)

    def _merge(self) -> None:
        if self.list.current_key() is not None:
            self._merge_into(self.list.current_key())

    def _merge_into(self, key: object) -> None:
        from csdesk.services.tickets.demands import MergeDemands, merge_demands

        assert isinstance(key, int)
        self.accept()
        inward = self.way.current() == IN and len(self._ids) == 1
        wish = MergeDemands((key,), self._ids[0]) if inward else MergeDemands(self._ids, key)
        self._context.runner.do(merge_demands, wish)


def ask_merge(context: Context, ids: tuple[int, ...], parent: QWidget, inward: bool = False) -> None:
    """Ask with which demand these are merged: into it, or ``inward`` it into the one given."""
    from csdesk.services.tickets.choices import merge_candidates

    if ids:
        alike = likeness(context).alike
        context.runner.ask(
            merge_candidates, ids, alike, then=partial(_open, context, ids, parent, inward), owner=parent
        )


def _open(context: Context, ids: tuple[int, ...], parent: QWidget, inward: bool, found: Sequence[Candidate]) -> None:
    if not found:
        context.messages.toast(_("There is no other demand yet."))
        return
    MergeDialog(context, ids, found, inward, parent.window()).open()


def _filled(surface: Surface, widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(surface)
    column.addWidget(widget)
    return column


def _sought(one: Candidate) -> str:
    return f"{demand_number(one.number)} {one.title}".casefold()


def _lines(shown: Sequence[Candidate]) -> list[Line]:
    """The likely same under a heading of their own."""
    likely = [_line(one) for one in shown if one.likeness]
    others = [_line(one) for one in shown if not one.likeness]
    if not likely:
        return others
    heads = (("likely", _("Likely the same")), ("others", _("Other demands")))
    first, second = (Line(key, title, section=True) for key, title in heads)
    return [first, *likely, *([second, *others] if others else ())]


def _line(one: Candidate) -> Line:
    return Line(
        one.id,
        one.title,
        left=demand_number(one.number),
        badges=(Badge(_(DemandState(one.state).label), DEMAND_TONES[one.state]),),
        right=f"{one.accounts} {accounts_words(one.accounts)}",
        bold=False,
    )
