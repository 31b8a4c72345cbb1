"""The numbers that visits are proposed by: one form, one save, one step to undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Tier, VisitKind
from csdesk.services.core.texts import N_, _
from csdesk.services.settings.rules import BY_KEY, DEFINITIONS, Definition
from csdesk.ui.core.parts import Button, Card, Combo, Field, Label, TierBadge, WrongLabel
from csdesk.ui.core.theme import px
from csdesk.ui.settings.section import WIDEST, NumberField, Rows, Section, row_of, unit_label, value_of

if TYPE_CHECKING:
    from csdesk.services.core.errors import Problem
    from csdesk.ui.core.context import Context

DRAFT = "draft.settings.visits"
RULES = tuple(
    definition
    for definition in DEFINITIONS
    if definition.key.startswith(("visits.", "contact."))
    and (isinstance(definition.default, int) or definition.key.startswith("visits.kind."))
)
TIER_NAMES = {Tier.A: N_("Premium"), Tier.B: N_("Medium"), Tier.C: N_("Ordinary")}
WHEN = ("visits.renewal_days", "visits.first_days", "visits.nearby_percent", "visits.share.C")


class VisitRulesSection(Section):
    """Every rule as a field; what was typed and not saved is kept."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Visit rules"), parent)
        self.fields: dict[str, Field | Combo] = {}
        self._wrong: dict[str, WrongLabel] = {}
        self._settings: Mapping[str, Any] = {}
        self.add_card(self._tiers())
        self.add_card(self._rest(_("When a visit is due"), [BY_KEY[key] for key in WHEN]))
        placed = {*self.fields}
        self.add_card(self._rest(_("A day of visits"), [rule for rule in RULES if rule.key not in placed]))
        self.column.addStretch(1)
        self.outer.addWidget(self._foot())

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
                grid.addLayout(self._control(BY_KEY[key]), row, place + 1)
                grid.addWidget(self._wrong_of(key), row + 1, place + 1)
        card.add(grid)
        return card

    def _rest(self, title: str, rules: Iterable[Definition]) -> Card:
        card = Card(title)
        rows = Rows(card, 320)
        for rule in rules:
            column = QVBoxLayout()
            column.setSpacing(px(4))
            column.addLayout(self._control(rule))
            column.addWidget(self._wrong_of(rule.key))
            rows.add(_(rule.label), column)
        return card

    def _control(self, rule: Definition) -> QHBoxLayout:
        if not isinstance(rule.default, int):
            choice = Combo(_(rule.label), [(kind.value, _(kind.label)) for kind in VisitKind])
            choice.activated.connect(self._edited)
            self.fields[rule.key] = choice
            return row_of(choice)
        field = NumberField(rule)
        field.textEdited.connect(self._edited)
        self.fields[rule.key] = field
        return row_of(field, unit_label(rule.unit))

    def _wrong_of(self, key: str) -> WrongLabel:
        label = self._wrong[key] = WrongLabel()
        return label

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setMaximumWidth(px(WIDEST + 12))
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, px(24), 0)
        row.setSpacing(px(8))
        self.reset = Button(_("Back to the defaults"), kind="ghost")
        self.reset.clicked.connect(self._reset)
        self.unsaved = Label("", ink="muted", elide=True)
        self.forget = Button(_("Discard"))
        self.forget.clicked.connect(self._discard)
        self.save_button = Button(_("Save"), key="Ctrl+Enter", kind="primary")
        self.save_button.clicked.connect(self.save)
        row.addWidget(self.reset)
        row.addWidget(self.unsaved, 1)
        row.addWidget(self.forget)
        row.addWidget(self.save_button)
        return foot

    def settings_came(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        kept = self.context.state.get(DRAFT)
        draft = kept if isinstance(kept, dict) else {}
        for key, field in self.fields.items():
            self._put(field, str(draft.get(key, settings[key])))
        self._tell()

    def draft(self) -> dict[str, str]:
        """The fields that differ from what is stored, as typed."""
        typed = {key: self._typed(field) for key, field in self.fields.items()}
        return {key: text for key, text in typed.items() if text != str(self._settings[key])}

    def save(self) -> bool:
        """Store what differs, in one step."""
        draft = self.draft()
        if draft:
            self.change({key: value_of(BY_KEY[key], text) for key, text in draft.items()}, self.refuse, self._saved)
        return bool(draft)

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong at the fields; the first gets the keyboard."""
        said = {problem.field: problem.message for problem in problems}
        for key, field in self.fields.items():
            field.set_wrong(key in said)
            self._wrong[key].say(said.get(key, ""))
        first = next((key for key in self.fields if key in said), None)
        if first is not None:
            self.fields[first].setFocus()
            self.area.ensureWidgetVisible(self.fields[first])

    def _saved(self, _done: object) -> None:
        self.context.state.set(DRAFT, None)
        self.refuse(())

    def _reset(self) -> None:
        values = {rule.key: rule.default for rule in RULES if self._settings.get(rule.key) != rule.default}
        self._discard()
        if values:
            self.change(values)
        else:
            self.context.messages.toast(_("All rules stand at their defaults."))

    def _discard(self) -> None:
        self.context.state.set(DRAFT, None)
        self.refuse(())
        self.settings_came(self._settings)

    def _edited(self, *_args: object) -> None:
        if self._settings:
            self.context.state.set(DRAFT, self.draft() or None)
            self._tell()

    def _tell(self) -> None:
        changed = bool(self.draft())
        self.save_button.setEnabled(changed)
        self.forget.setVisible(changed)
        self.unsaved.setText(_("Changed, not saved yet") if changed else "")

    def _typed(self, field: Field | Combo) -> str:
        return str(field.value()) if isinstance(field, Combo) else field.text().strip()

    def _put(self, field: Field | Combo, text: str) -> None:
        if isinstance(field, Combo):
            field.choose(text)
        elif field.text().strip() != text:
            field.setText(text)
