"""Which column went where, in one line: those that are in doubt first, in amber."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.parts import Button, Icon, Label, Surface
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.handover.mapping import Match
    from csdesk.services.handover.reviewing import Review

SHOWN, SHOWN_SMALL = 4, 1
LONGEST = 14


class MappingStrip(QWidget):
    """``pressed``: the columns are to be looked at."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(16), px(6), px(16), px(6))
        self._row.setSpacing(px(8))
        self._shown: tuple[object, bool] | None = None

    def show_review(self, review: Review, small: bool) -> None:
        """Show the columns of a file."""
        if self._shown == (review, small):
            return
        self._shown = (review, small)
        empty(self._row)
        self._row.addWidget(Label(_("Columns to fields"), ink="muted"))
        matches = [match for _table, found in review.wish.tables for match in found]
        days = {one.heading for one in review.report.open_days}
        asked = [match for _table, match in review.asked] + [match for match in matches if match.heading in days]
        sure = [match for match in matches if match.used is not None and match not in asked]
        room = SHOWN_SMALL if small else SHOWN
        shown = asked[:room] + sure[: max(0, room - len(asked))]
        for match in shown:
            self._row.addWidget(_chip(match, match in asked, match.heading in days))
        rest = len(matches) - len(shown)
        none = sum(1 for match in matches if match.used is None)
        more = [ngettext("{n} more column", "{n} more columns", rest).format(n=rest)] if rest > 0 else []
        more += [ngettext("{n} not imported", "{n} not imported", none).format(n=none)] if none else []
        self._row.addWidget(Label(" \u00b7 ".join(more), "caption", "muted", elide=True), 1)
        change = Button(_("Change columns"), kind="link")
        change.clicked.connect(self.pressed)
        self._row.addWidget(change)


def _chip(match: Match, asked: bool, open_days: bool) -> Surface:
    from csdesk.services.handover.fields import FIELDS, GROUPS

    box = Surface("amber_bg" if asked else "surface", "ink_amber" if asked else "divider", 4)
    line = QHBoxLayout(box)
    line.setContentsMargins(px(8), px(2), px(8), px(2))
    line.setSpacing(px(6))
    heading = " ".join(match.heading.split())
    line.addWidget(Label(heading if len(heading) <= LONGEST else heading[: LONGEST - 1] + "\u2026"))
    line.addWidget(Icon("question" if asked else "arrow", "ink_amber" if asked else "muted", 12))
    field = FIELDS.get(match.field or "")
    words = f"{_(GROUPS[field.group])} \u00b7 {_(field.title)}" if field else _("not imported")
    if match.unit != 1 and field is not None:
        words += f" \u00d7 {match.unit:,}"
    line.addWidget(Label(_("Day or month first?") if open_days else f"{words}?" if asked else words))
    return box
