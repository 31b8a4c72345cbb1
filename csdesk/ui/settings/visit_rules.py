"""The numbers that visits are proposed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from csdesk.models.vocabulary import Tier, VisitKind
from csdesk.services.core.texts import N_, _
from csdesk.services.settings.rules import BY_KEY, DEFINITIONS, Definition
from csdesk.ui.core.parts import Card, Combo, Label, TierBadge
from csdesk.ui.core.theme import px
from csdesk.ui.settings.rules_section import RulesSection
from csdesk.ui.settings.section import row_of

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

BAND, ZONE = "visits.band.", "visits.zone"
ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Kolkata", "Asia/Dubai",
    "Europe/London", "Europe/Berlin", "Europe/Paris", "America/New_York", "America/Chicago", "America/Los_Angeles",
    "America/Sao_Paulo", "Australia/Sydney", "UTC",
)  # fmt: skip
RULES = tuple(
    definition
    for definition in DEFINITIONS
    if definition.key.startswith(("visits.", "contact."))
    and (isinstance(definition.default, int) or definition.key.startswith(("visits.kind.", BAND, ZONE)))
)
BANDS = (("rule", N_("As the rule says")), ("must", N_("Must")), ("should", N_("Should")), ("off", N_("No reason")))
TIER_NAMES = {Tier.A: N_("Premium"), Tier.B: N_("Medium"), Tier.C: N_("Ordinary")}
WHEN = (
    "visits.renewal_days", "visits.first_days", "visits.overdue_days", "visits.promise_days", "visits.nearby_percent",
    "visits.share.C",
)  # fmt: skip


def _options(rule: Definition) -> list[tuple[str, str]]:
    """What a rule without a number can be."""
    if rule.key.startswith(BAND):
        return [(value, _(label)) for value, label in BANDS]
    if rule.key == ZONE:
        return [(zone, zone) for zone in ZONES]
    return [(kind.value, _(kind.label)) for kind in VisitKind]


class VisitRulesSection(RulesSection):
    """Every rule as a field; what was typed and not saved is kept."""

    draft_key = "draft.settings.visits"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Visit rules"), RULES, parent)
        self.add_card(self._tiers())
        self.add_card(self.card_of(_("When a visit is due"), [BY_KEY[key] for key in WHEN]))
        reasons = [rule for rule in RULES if rule.key.startswith(BAND)]
        self.add_card(self.card_of(_("How much each reason counts"), reasons))
        placed = {*self.fields}
        self.add_card(self.card_of(_("A day of visits"), [rule for rule in RULES if rule.key not in placed]))
        self.close_up()

    def _tiers(self) -> Card:
        card = Card(_("How often, and how"), note=_("An account without a tier counts as medium"))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(4, 1)
        for place, head in enumerate((_("Visit every"), _("Contact every"), _("Meet"))):
            grid.addWidget(Label(head, "caption", "muted"), 0, place + 1)
        for number, (tier, name) in enumerate(TIER_NAMES.items()):
            row = 1 + 2 * number
            grid.addLayout(row_of(TierBadge(tier.value), Label(_(name))), row, 0)
            keys = f"visits.cadence.{tier.value}", f"contact.cadence.{tier.value}", f"visits.kind.{tier.value}"
            for place, key in enumerate(keys):
                grid.addLayout(self.control_of(BY_KEY[key]), row, place + 1)
                grid.addWidget(self.wrong_of(key), row + 1, place + 1)
        card.add(grid)
        return card

    def control_of(self, rule: Definition) -> QHBoxLayout:
        if isinstance(rule.default, int):
            return super().control_of(rule)
        choice = Combo(_(rule.label), _options(rule))
        choice.activated.connect(self._edited)
        self.fields[rule.key] = choice
        return row_of(choice)
