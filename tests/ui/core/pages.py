"""Small pages and a search for the tests of the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from csdesk.services.core import texts
from csdesk.services.core.changes import Changes
from csdesk.services.core.listing import Listing
from csdesk.ui.core.actions import Action
from csdesk.ui.core.context import Context
from csdesk.ui.core.page import Args, Crumb, Drop, Feature, Page
from csdesk.ui.core.parts import Button, PageHead


class Sheet(Page):
    """A page that notes what happens to it."""

    key = "accounts"
    entities = frozenset({"accounts"})
    can_print = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.log: list[str] = []
        self.args: Args = {}
        self.made = 0
        self.scrolled = 0
        column = self.column()
        head = PageHead("Accounts")
        self.button = Button("Do")
        head.add_action(self.button)
        column.addWidget(head)
        self.filter = QLineEdit()
        self.filter.setAccessibleName("Filter")
        column.addWidget(self.filter)
        column.addStretch(1)

    def arrive(self, args: Args) -> None:
        self.args = args
        self.log.append(f"arrive {sorted(args)}")
        self.refresh()

    def refresh(self) -> None:
        self.log.append("refresh")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb("Of one account"),) if "id" in self.args else ()

    def page_actions(self) -> list[Action]:
        return [Action("accounts.new", texts.N_("New account"), self.make, "plus", "", "account", new=True),
                Action("accounts.edit", texts.N_("Keys"), self.make, "edit", "E", "account")]  # fmt: skip

    def make(self) -> None:
        """Count."""
        self.made += 1

    def print_report(self) -> None:
        self.log.append("print")

    def focus_first(self) -> None:
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_filter(self) -> bool:
        self.filter.setFocus()
        return True

    def remember(self) -> dict[str, Any]:
        return {"scrolled": self.scrolled}

    def recall(self, view: Args) -> None:
        self.scrolled = int(view.get("scrolled", 0))


class Quiet(Page):
    """A page that shows nothing that changes."""

    key = "today"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        QVBoxLayout(self)


FEATURES = (
    Feature("today", texts.N_("Today"), "today", Quiet, "Ctrl+1"),
    Feature("accounts", texts.N_("Accounts"), "accounts", Sheet, "Ctrl+2", detail=Sheet,
            drops=(Drop((".xlsx", ".csv"), texts.N_("Import {name}")),)),
    Feature("visits", texts.N_("Visit plans"), "visits", Quiet, "Ctrl+3"),
    Feature("bin", texts.N_("Bin"), "trash", Quiet, group="bottom"),
    Feature("settings", texts.N_("Settings"), "settings", Quiet, group="bottom"),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A hit as services/search gives it."""

    kind: str
    id: int
    account_id: int
    title: str
    subtitle: str = ""
    detail: str = ""
    tier: str = ""
    title_spans: tuple[tuple[int, int], ...] = ()
    subtitle_spans: tuple[tuple[int, int], ...] = ()


class Shelf:
    """A search over two records that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[Changes] = []
        self.loads = 0

    def changed(self, changes: Changes) -> None:
        """Note it."""
        self.told.append(changes)

    def over(self, listing: Listing) -> Listing:
        return listing

    def reload(self) -> None:
        """Count."""
        self.loads += 1

    def find(self, text: str, limit: int) -> list[Found]:
        """Those whose title holds the text."""
        known = [Found("contacts", 21, 7, "Chen Zhiwei", "Plant manager", "139 **** 4471"),
                 Found("accounts", 7, 7, "Chengyue", "Suzhou", tier="A", title_spans=((0, 2),))]  # fmt: skip
        return [found for found in known if text.casefold() in found.title.casefold()][:limit]
