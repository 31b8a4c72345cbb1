"""What tiers are proposed by: points, bounds, what fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from csdesk.services.core.texts import _
from csdesk.services.settings.rules import BY_KEY, DEFINITIONS
from csdesk.ui.settings.rules_section import RulesSection

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

RULES = tuple(definition for definition in DEFINITIONS if definition.key.startswith("tiers."))
FIT = ("tiers.industries", "tiers.cities", "tiers.products")
BOUNDS = ("tiers.from.A", "tiers.from.B", "tiers.again_percent")


class TierRulesSection(RulesSection):
    """Points for each thing, from how many points on a tier is proposed, which accounts fit."""

    draft_key = "draft.settings.tiers"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Tier rules"), RULES, parent)
        self.add_card(self.card_of(_("Which tier is proposed"), [BY_KEY[key] for key in BOUNDS]))
        fit = self.card_of(_("Who fits"), [BY_KEY[key] for key in FIT], note=_("Several with a comma between"))
        self.add_card(fit)
        placed = {*self.fields}
        self.add_card(self.card_of(_("Points"), [rule for rule in RULES if rule.key not in placed]))
        self.close_up()
