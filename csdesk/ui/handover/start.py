"""Where files come in: choose, drop or paste one; templates; what came in before; which handovers wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Button, Card, EmptyState, Label, MessageBar, PageHead
from csdesk.ui.core.theme import px
from csdesk.ui.handovers.wording import handover_badge, waiting_words

if TYPE_CHECKING:
    from csdesk.services.handover.queries import ImportRow, WaitingHandover
    from csdesk.ui.core.context import Context
    from csdesk.ui.core.messages import Answer


class StartView(QWidget):
    """``choose_wanted`` and ``paste_wanted`` ask for a file, ``import_opened`` gives the id of an earlier import."""

    choose_wanted = Signal()
    paste_wanted = Signal()
    import_opened = Signal(object)
    imports_wanted = Signal()
    handovers_wanted = Signal()
    import_menu = Signal(object, object)
    handover_opened = Signal(object)
    handover_menu = Signal(object, object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        self.head = PageHead(_("Import & handover"))
        self.templates = Button(_("Templates"), "sheet")
        self.templates.clicked.connect(self.offer_templates)
        choose = Button(_("Choose a file"), "import", "Ctrl+O", "primary")
        choose.clicked.connect(self.choose_wanted)
        self.head.add_action(self.templates)
        self.head.add_action(choose)
        column.addWidget(self.head)
        self._bars = QVBoxLayout()
        self._bars.setSpacing(px(8))
        column.addLayout(self._bars)
        zone = EmptyState(
            _("Drop a handover workbook here"),
            _(
                "Excel, CSV or OpenDocument, in whatever layout sales uses; or paste a table with Ctrl+V. You see everything before anything is written."
            ),
            link=_("Paste a table"),
            normal=_("Choose a file"),
            icon="sheet",
        )
        zone.chosen.connect(self.choose_wanted)
        zone.linked.connect(self.paste_wanted)
        zone.setFixedHeight(px(150))
        column.addWidget(zone)
        column.addLayout(self._lists(), 1)

    def _lists(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(16))
        self.imports = LinesView(_("Imports so far"), 104)
        self.imports.menu_wanted.connect(self.import_menu)
        self.imports.opened.connect(self.import_opened)
        self.handovers = LinesView(_("Handovers that wait"), 104)
        self.handovers.opened.connect(self.handover_opened)
        self.handovers.menu_wanted.connect(self.handover_menu)
        self._cards: list[tuple[Card, LinesView, Label]] = []
        for title, link, view, nothing in (
            (_("Imports so far"), _("As a list"), self.imports, _("Nothing was imported yet.")),
            (_("Handovers that wait"), _("All handovers"), self.handovers, _("No handover waits for you.")),
        ):
            card = Card(title, link, padded=False)
            card.linked.connect(self.handovers_wanted if view is self.handovers else self.imports_wanted)
            none = Label(nothing, ink="muted", wrap=True)
            none.setContentsMargins(px(16), 0, px(16), px(16))
            none.setAlignment(Qt.AlignmentFlag.AlignTop)
            card.add(none)
            card.add(view, 1)
            self._cards.append((card, view, none))
            row.addWidget(card, 1)
        return row

    def fill(self, imports: list[ImportRow], waiting: list[WaitingHandover]) -> None:
        """Show both lists."""
        today = self.context.clock.today()
        self.imports.set_lines([import_line(row, today) for row in imports])
        self.handovers.set_lines([_handover_line(row, today) for row in waiting])
        for (card, view, none), count in zip(self._cards, (len(imports), len(waiting)), strict=True):
            view.setVisible(count > 0)
            none.setVisible(count == 0)
            card.body.setStretchFactor(none, 0 if count else 1)

    def say(self, text: str, tone: str, actions: tuple[Answer, ...] = ()) -> None:
        """Say something above the lists, beside what was said of other files."""
        bar = MessageBar(text, tone, actions, closable=True)
        bar.closed.connect(self.clear)
        self._bars.addWidget(bar)

    def clear(self) -> None:
        """Say nothing any more."""
        empty(self._bars)

    def offer_templates(self) -> None:
        """The menu of templates."""
        menu = QMenu(self)
        menu.addAction(_("Empty template for sales")).triggered.connect(self.save_empty)
        menu.addAction(_("All accounts, to edit in Excel")).triggered.connect(self.save_filled)
        pop_up(menu, self.templates.mapToGlobal(QPoint(0, self.templates.height())))

    def save_empty(self) -> None:
        """Save a workbook that sales can fill in."""
        from csdesk.ui.handover.saving import save_template

        save_template(self.context, False, self)

    def save_filled(self) -> None:
        """Save everything that is there, to be edited in Excel and imported again."""
        from csdesk.ui.handover.saving import save_template

        save_template(self.context, True, self)


def import_line(row: ImportRow, today: Any) -> Line:
    """An import in a list."""
    badge = (Badge(_("taken back"), "neutral"),) if row.undone_at is not None else ()
    return Line(
        row.id, row.file_name, counted(row), left=formats.moment_near(row.imported_at, today), badges=badge,
        muted=row.undone_at is not None,
    )  # fmt: skip


def counted(row: ImportRow) -> str:
    """What came of the rows of an import."""
    counts = row.counts.get("rows", row.counts)
    words = [
        ngettext("{n} row new", "{n} rows new", counts.get("new", 0)).format(n=counts.get("new", 0)),
        ngettext("{n} updated", "{n} updated", counts.get("updated", 0)).format(n=counts.get("updated", 0)),
        ngettext("{n} refused", "{n} refused", counts.get("refused", 0)).format(n=counts.get("refused", 0)),
    ]
    return " \u00b7 ".join(words)


def _handover_line(row: WaitingHandover, today: Any) -> Line:
    badge = handover_badge(row.state)
    late = (Badge(_("Contract runs already"), "warn"),) if row.started else ()
    days = (today - row.received_on).days if row.received_on else 0
    waits = waiting_words(days)
    return Line(
        (row.id, row.account_id), row.short_name or row.account, waits, left=formats.day_near(row.received_on, today),
        badges=(Badge(badge.text, badge.tone), *late),
    )  # fmt: skip
