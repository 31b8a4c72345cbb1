"""How much of an amount is expected to come in, and when tasks fall due before a contract ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from csdesk.services.core.texts import _
from csdesk.services.settings.rules import DEFINITIONS
from csdesk.ui.settings.rules_section import RulesSection

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

RULES = tuple(definition for definition in DEFINITIONS if definition.key.startswith("renewals."))
WEIGHTS = tuple(rule for rule in RULES if rule.key.startswith("renewals.weights."))


class RenewalRulesSection(RulesSection):
    """Two cards, one save."""

    draft_key = "draft.settings.renewals"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Renewal rules"), RULES, parent)
        rest = [rule for rule in RULES if rule not in WEIGHTS]
        note = _("Each amount counts by this share; not judged ones count as likely")
        self.add_card(self.card_of(_("Weights of the forecast"), WEIGHTS, note))
        self.add_card(
            self.card_of(_("Tasks before a contract ends"), rest, _("Days with commas between them; empty for none"))
        )
        self.close_up()
