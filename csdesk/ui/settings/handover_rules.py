"""How much each point of a handover's checklist weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from csdesk.services.core.texts import _
from csdesk.services.settings.rules import DEFINITIONS
from csdesk.ui.settings.rules_section import RulesSection

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

WEIGHTS = tuple(definition for definition in DEFINITIONS if definition.key.startswith("handover.weight."))


class HandoverRulesSection(RulesSection):
    """A weight a point; completeness is the share of the weights whose points say something."""

    draft_key = "draft.settings.handover"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Handover checklist"), WEIGHTS, parent)
        note = _("0 leaves a point out of the count")
        self.add_card(self.card_of(_("How much each point weighs"), WEIGHTS, note))
        self.close_up()
