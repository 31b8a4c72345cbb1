"""By which day customers get an answer, when a declined demand comes up again, when telling is late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from csdesk.services.core.texts import _
from csdesk.services.settings.rules import BY_KEY, DEFINITIONS
from csdesk.ui.settings.rules_section import RulesSection

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

RULES = tuple(
    definition
    for definition in DEFINITIONS
    if definition.key.startswith("tickets.") and isinstance(definition.default, int)
)
ANSWER, AGAIN = "tickets.answer_days", "tickets.again_"


class TicketRulesSection(RulesSection):
    """Three cards of numbers, one save."""

    draft_key = "draft.settings.tickets"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Requirement rules"), RULES, parent)
        usual = [BY_KEY[ANSWER]]
        special = [rule for rule in RULES if rule.key.startswith(f"{ANSWER}.")]
        again = [rule for rule in RULES if rule.key.startswith(AGAIN)]
        rest = [rule for rule in RULES if rule not in (*usual, *special, *again)]
        note = _("Working days until sent to product, then anew until answered; 0 means as usual")
        self.add_card(self.card_of(_("Answers by product"), [*usual, *special], note))
        self.add_card(self.card_of(_("Declined demands come up again"), again, _("An ARR of 0 does not count")))
        self.add_card(self.card_of(_("Telling customers, and weight"), rest))
        self.close_up()
