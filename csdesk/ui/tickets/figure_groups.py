"""The main figures by module, tier or account; a row narrows the page to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from csdesk.services.core.texts import N_, _
from csdesk.services.kpi.group_list import GroupList
from csdesk.ui.core.parts import Card, Segmented
from csdesk.ui.core.table import RowTable
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.kpi.requirements import GroupLine, RequirementView
    from csdesk.ui.core.context import Context

TITLES = {"module": N_("Module"), "tier": N_("Tier"), "account": N_("Account")}
NONE = {"module": N_("No module"), "tier": N_("No tier"), "account": ""}
MOST_SHOWN = 10
"""Of more lines the rest is scrolled to."""


class GroupsCard(Card):
    """``wanted`` gives the kind of group and the key of the one that was opened."""

    wanted = Signal(str, str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            _("By module, tier or account"), note=_("Enter looks at one alone"), padded=False, parent=parent
        )
        self.group = "module"
        self._view: RequirementView | None = None
        self.switch = Segmented([(key, _(title)) for key, title in TITLES.items()], self.group)
        self.switch.chosen.connect(self._chosen)
        self.header.addWidget(self.switch)
        self.list = GroupList()
        self.table = RowTable(context, self.list, _as_it_is, "requirement_groups", _("By module, tier or account"))
        self.table.opened.connect(self._opened)
        self.add(self.table)

    def show_groups(self, view: RequirementView) -> None:
        """Show the figures of a page."""
        self._view = view
        self.list = GroupList([(self._name(line), line) for line in view.groups[self.group]])
        self.table.listing = self.list
        self.table.reload()
        row, head = self.table.verticalHeader().defaultSectionSize(), self.table.head.sizeHint().height()
        shown = max(1, min(MOST_SHOWN, len(self.list.lines)))
        self.table.setFixedHeight(head + shown * row + px(4))

    def choose(self, group: str) -> None:
        """Show modules, tiers or accounts; what is none of them changes nothing."""
        if group in TITLES:
            self.switch.choose(group)
            self._chosen(group)

    def _chosen(self, group: object) -> None:
        self.group = str(group)
        if self._view is not None:
            self.show_groups(self._view)

    def _name(self, line: GroupLine) -> str:
        if self.group == "tier" and line.key:
            return _("Tier {tier}").format(tier=line.key)
        return line.name or _(NONE[self.group])

    def _opened(self, number: int) -> None:
        self.wanted.emit(self.group, str(self.list.line(number).key))


def _as_it_is(_key: str, value: str) -> str:
    return value
