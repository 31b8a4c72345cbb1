"""The main figures by module, tier or account; a row narrows the page to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.parts import Card, Segmented
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.kpi.requirements import GroupLine, RequirementView

TITLES = {"module": N_("Module"), "tier": N_("Tier"), "account": N_("Account")}
NONE = {"module": N_("No module"), "tier": N_("No tier"), "account": ""}
MOST_HEIGHT = 320
TOLD = ("sent_in_time", "answered_in_time", "told_in_time", "declined_share", "bug_dates_kept")


class GroupsCard(Card):
    """``wanted`` gives the kind of group and the key of the one that was opened."""

    wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            _("By module, tier or account"), note=_("Enter looks at one alone"), padded=False, parent=parent
        )
        self.group = "module"
        self._view: RequirementView | None = None
        self.switch = Segmented([(key, _(title)) for key, title in TITLES.items()], self.group)
        self.switch.chosen.connect(self._chosen)
        self.header.addWidget(self.switch)
        self.lines = LinesView(_("By module, tier or account"))
        self.lines.opened.connect(self._opened)
        self.add(self.lines)

    def show_groups(self, view: RequirementView) -> None:
        """Show the figures of a page."""
        self._view = view
        lines = [self._line(line) for line in view.groups[self.group]]
        self.lines.set_lines(lines)
        high = sum(self.lines.sizeHintForRow(row) for row in range(len(lines)))
        self.lines.setFixedHeight(max(px(40), min(px(MOST_HEIGHT), high + px(4))))

    def choose(self, group: str) -> None:
        """Show modules, tiers or accounts; what is none of them changes nothing."""
        if group in TITLES:
            self.switch.choose(group)
            self._chosen(group)

    def _chosen(self, group: object) -> None:
        self.group = str(group)
        if self._view is not None:
            self.show_groups(self._view)

    def _line(self, line: GroupLine) -> Line:
        from csdesk.services.kpi.figures import REQUIREMENT_FIGURES
        from csdesk.services.kpi.wording import short_text

        told = [
            f"{_(REQUIREMENT_FIGURES[key].name)} {short_text(line.figures[key])}"
            for key in TOLD
            if line.figures[key].denominator
        ]
        count = line.figures["open_tickets"].numerator
        right = ngettext("{n} open", "{n} open", count).format(n=formats.number(count))
        name = line.name or _(NONE[self.group])
        if self.group == "tier" and line.key:
            name = _("Tier {tier}").format(tier=line.key)
        return Line(line.key, name, " \u00b7 ".join(told), right=right, bold=False)

    def _opened(self, key: object) -> None:
        self.wanted.emit(self.group, str(key))
