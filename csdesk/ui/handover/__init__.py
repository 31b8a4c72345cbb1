"""Import and handover in the window: what sales sent comes in here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Drop, Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt")


def _page(context: Context) -> Page:
    from csdesk.ui.handover.page import HandoverPage

    return HandoverPage(context)


def _imports(context: Context) -> Page:
    from csdesk.ui.handover.imports import ImportsPage

    return ImportsPage(context)


def _actions(context: Context) -> list[Action]:
    def choose() -> None:
        context.go.to("handover", choose=True)

    def list_all() -> None:
        context.go.to("imports")

    return [
        Action(
            "handover.open", N_("Import a handover workbook"), choose, "import", "Ctrl+O", "file", section=1, new=True
        ),
        Action("handover.imports", N_("List of imports"), list_all, "import", "", "file", section=1),
    ]


FEATURE = Feature(
    "handover",
    N_("Import & handover"),
    "import",
    _page,
    group="bottom",
    actions=_actions,
    takes_tables=True,
    drops=(Drop(SUFFIXES, N_("Take {name} in: handover, payments or product's answers")),),
)
IMPORTS = Feature("imports", N_("Imports so far"), "import", _imports, group="hidden")
