"""All handovers: where each stands, how complete it is, how long it waits, and whose contract runs already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import HandoverState
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.handover.moves import ACCEPT, ASK, RETURN
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.parts import EmptyState
from csdesk.ui.handovers.forms import decide, send_sheet
from csdesk.ui.handovers.promises import offer_promises
from csdesk.ui.handovers.wording import MARK_TONES, TONES, stored_word

if TYPE_CHECKING:
    from csdesk.services.handover.records import HandoverRecord
    from csdesk.ui.core.context import Context

KINDS = (
    Kind("state", N_("State"), tuple((state.value, state.label) for state in HandoverState)),
    Kind("early", N_("Contract runs already"), (("", ""),)),
    Kind("gaps", N_("With gaps"), (("", ""),)),
)


class HandoversPage(ListPage):
    """Those that wait stand first, of them those whose contract begins first."""

    key = "handovers"
    entities = frozenset({
        "handovers", "handover_questions", "accounts", "contacts", "contracts", "contract_lines", "settings",
    })  # fmt: skip
    row_actions = ("handovers.open", "handovers.accept", "handovers.ask", "handovers.return", "handovers.sheet")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.table.cells.tones = {
            "state": {state.value: tone for state, tone in TONES.items()},
            "early": MARK_TONES,
        }

    def make_spec(self) -> ListSpec:
        from csdesk.services.handover.records import VIEWS, handovers, view_counts

        first = EmptyState(
            _("No handovers yet"),
            _("They come with the handover workbooks of sales; each waits here until you accept it or send it back."),
            _("Import a handover workbook"),
            "",
            "import",
        )
        first.chosen.connect(self._import)
        return ListSpec(
            listing=handovers(self.context.clock.today()),
            title=_("Handovers"),
            views=[View(key, title, filters) for key, title, filters in VIEWS],
            kinds=KINDS,
            counts=view_counts,
            counted=_counted,
            words=stored_word,
            nothing=_("No handover fits"),
            first=first,
            bulk=(Bulk(_("Sheet for sales"), self._sheet, "sheet", primary=True),),
        )

    def refresh(self) -> None:
        from csdesk.services.handover.records import handovers

        listing = handovers(self.context.clock.today())
        if listing is not self.spec.listing:  # another day has begun: the days of waiting are counted anew
            self.spec = replace(self.spec, listing=listing)
            self.table.listing = listing
        super().refresh()

    def open_row(self, record: int) -> None:
        self._read(record, self._go)

    def more_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "") -> Action:
            return Action(f"handovers.{key}", text, run, icon, shortcut, "account", (self.key,), 2)

        return [
            act("open", N_("Open the handover"), self._open, "", "accounts"),
            act("accept", ACCEPT.verb, partial(self._decide, HandoverState.ACCEPTED), "Ctrl+Shift+A", "check"),
            act("ask", ASK.verb, partial(self._decide, HandoverState.QUESTIONED), "", "question"),
            act("return", RETURN.verb, partial(self._decide, HandoverState.RETURNED), "", "undo"),
            act("again", N_("Open it again…"), partial(self._decide, HandoverState.RECEIVED)),
            act("sheet", N_("Sheet for sales"), self._sheet, "", "sheet"),
        ]

    def _read(self, record: int, then: Callable[[Any], object]) -> None:
        from csdesk.services.handover.records import record as read

        self.context.runner.ask(read, record, self.context.clock.today(), then=then, owner=self)

    def _open(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.open_row(current)

    def _go(self, record: HandoverRecord | None) -> None:
        if record is not None:
            self.context.go.to("accounts", id=record.account_id, tab="handover")

    def _decide(self, to: HandoverState) -> None:
        current = self.table.current_id()
        if current is not None:
            self._read(current, partial(self._decide_read, to))

    def _decide_read(self, to: HandoverState, record: HandoverRecord | None) -> None:
        if record is not None:
            then = partial(self._accepted, record) if to == HandoverState.ACCEPTED else None
            decide(self.context, record, to, self, then)

    def _accepted(self, record: HandoverRecord) -> None:
        offer_promises(self.context, record, self, quietly=True)

    def _sheet(self) -> None:
        send_sheet(self.context, tuple(self.table.acting_ids()), self)

    def _import(self) -> None:
        self.context.go.to("handover", choose=True)


def _counted(count: int) -> str:
    return ngettext("{n} handover", "{n} handovers", count).format(n=formats.number(count))
