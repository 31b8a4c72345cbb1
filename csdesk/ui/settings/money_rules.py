"""What figures of money stand on: costs, the definitions that can be chosen, exchange rates, targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _
from csdesk.services.settings.rules import BY_KEY, Definition
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form
from csdesk.ui.core.growing import GrowingText
from csdesk.ui.core.lines import Line
from csdesk.ui.core.parts import Card, Combo, Label
from csdesk.ui.settings.places import ListCard
from csdesk.ui.settings.rules_section import RulesSection
from csdesk.ui.settings.section import row_of

if TYPE_CHECKING:
    from csdesk.services.settings.rates import RateRow, TargetRow
    from csdesk.ui.core.context import Context

COSTS = ("figures.cac", "figures.gross_margin", "figures.hourly_cost")
CHOICES = ("figures.grace_days", "figures.recognition")
REMINDERS = ("money.remind_days",)
RULES = tuple(BY_KEY[key] for key in (*COSTS, *CHOICES, *REMINDERS))
RECOGNITIONS = (
    ("end", N_("the end of the contract, once the grace is over")),
    ("grace", N_("the day on which the grace is over")),
)
SHARES = frozenset({"rate", "money_rate"})
NO_SHARES = frozenset({"ltv", "ltv_cac", "first_year_ltv_cac", "average_service_cost"})
"""Figures made of two sums that are no share of a whole."""


class MoneyRulesSection(RulesSection):
    """Two cards of rules with one save, the text of reminders, and two lists whose rows are stored at once."""

    draft_key = "draft.settings.money"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Money and targets"), RULES, parent)
        self._rates: dict[int, RateRow] = {}
        self._targets: dict[int, TargetRow] = {}
        self.add_card(self._rate_list())
        self.add_card(self._target_list())
        unknown = _("0 means not known: the figures that need it stay empty")
        self.add_card(self.card_of(_("Costs"), [BY_KEY[key] for key in COSTS], unknown))
        again = _("Another choice computes earlier figures anew; charts mark the day")
        self.add_card(self.card_of(_("When a customer counts as lost"), [BY_KEY[key] for key in CHOICES], again))
        self.add_card(self.card_of(_("Reminders"), [BY_KEY[key] for key in REMINDERS]))
        self.add_card(self._reminder_text())
        self.close_up()

    def control_of(self, rule: Definition) -> QHBoxLayout:
        if rule.key != "figures.recognition":
            return super().control_of(rule)
        combo = Combo(_(rule.label), [(value, _(label)) for value, label in RECOGNITIONS])
        combo.activated.connect(self._edited)
        self.fields[rule.key] = combo
        return row_of(combo)

    def _rate_list(self) -> Card:
        empty = _(
            "No rates yet. Amounts in other currencies stand by themselves until there is one: nothing is guessed."
        )
        card = self.rates = ListCard(_("Exchange rates"), _("One unit in CNY"), empty, 72)
        card.add_verb(_("Add a rate…"), self.add_rate, "plus")
        card.opened.connect(self._change_rate)
        card.removed.connect(self._remove_rate)
        return card

    def _target_list(self) -> Card:
        empty = _("No targets yet. With one, a figure says whether it was reached.")
        card = self.targets = ListCard(_("Targets for figures"), "", empty, 200)
        card.add_verb(_("Add a target…"), self.add_target, "plus")
        card.opened.connect(self._change_target)
        card.removed.connect(self._remove_target)
        return card

    def _reminder_text(self) -> Card:
        from csdesk.services.receivables.rules import REMINDER_NAMES

        card = Card(_("Text of reminders"))
        names = _(", ").join(f"{{{name}}}" for name in REMINDER_NAMES)
        for words in (
            _("Names in braces are filled in for each customer: {names}").format(names=names),
            _("A part in [square brackets] is left out where the name in it is not known."),
            _("Saved when you leave the field; an empty one means the default. Nothing is sent: you copy the text."),
        ):
            card.add(Label(words, ink="muted", wrap=True))
        self.text = GrowingText(_("Text of reminders"), "", 4)
        self.text.left.connect(self._store_text)
        card.add(self.text)
        return card

    def settings_came(self, settings: Mapping[str, Any]) -> None:
        from csdesk.services.receivables.rules import REMINDER_SETTING, reminder_template

        super().settings_came(settings)
        if not self.text.hasFocus():
            self.text.show_text(reminder_template(settings.get(REMINDER_SETTING)))

    def shown(self) -> None:
        from csdesk.services.settings.rates import rates, targets

        self.context.runner.ask(rates, then=self._rates_came, owner=self)
        self.context.runner.ask(targets, then=self._targets_came, owner=self)

    def _store_text(self) -> None:
        from csdesk.services.receivables.rules import REMINDER_SETTING, reminder_template

        typed = self.text.toPlainText().strip()
        own = "" if typed == reminder_template(None).strip() else typed
        if own != str(self._settings.get(REMINDER_SETTING) or ""):
            self.change({REMINDER_SETTING: own})

    def _rates_came(self, rows: list[RateRow]) -> None:
        self._rates = {row.id: row for row in rows}
        self.rates.set_lines(
            [
                Line(row.id, row.rate, left=row.currency, bold=False,
                     right=_("from {day} on").format(day=formats.day_iso(row.valid_from)))
                for row in rows
            ]
        )  # fmt: skip

    def _targets_came(self, rows: list[TargetRow]) -> None:
        from csdesk.services.settings.rates import value_text

        names, shares = _figures()
        self._targets = {row.id: row for row in rows}
        self.targets.set_lines(
            [
                Line(row.id, names.get(row.figure, row.figure), row.notes, bold=False,
                     left=f"{formats.day_iso(row.starts_on)} \u2013 {formats.day_iso(row.ends_on)}",
                     right=value_text(row.value, shares.get(row.figure, False)).replace("%", "\u00a0%"))
                for row in rows
            ]
        )  # fmt: skip

    def add_rate(self) -> None:
        """Ask for a rate."""
        rate_form(self.context, None, self)

    def _change_rate(self, key: object) -> None:
        if isinstance(key, int) and key in self._rates:
            rate_form(self.context, self._rates[key], self)

    def _remove_rate(self, key: object) -> None:
        from csdesk.services.settings.rates import Remove, remove_rate

        if isinstance(key, int):
            self.context.runner.do(remove_rate, Remove(key))

    def add_target(self) -> None:
        """Ask for a target."""
        target_form(self.context, None, self)

    def _change_target(self, key: object) -> None:
        if isinstance(key, int) and key in self._targets:
            target_form(self.context, self._targets[key], self)

    def _remove_target(self, key: object) -> None:
        from csdesk.services.settings.rates import Remove, remove_target

        if isinstance(key, int):
            self.context.runner.do(remove_target, Remove(key))


def _figures() -> tuple[dict[str, str], dict[str, bool]]:
    """By figure its name, and whether it is a share."""
    from csdesk.services.kpi.figures import FIGURES

    names = {key: _(entry.name) for key, entry in FIGURES.items()}
    return names, {key: entry.kind in SHARES and key not in NO_SHARES for key, entry in FIGURES.items()}


def rate_form(context: Context, row: RateRow | None, parent: QWidget) -> FormDialog:
    """A new rate, or other values of a known one."""
    from csdesk.services.settings.rates import SetRate, parse_rate, set_rate

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        fields = parse_rate(typed, context.clock.today())
        wish = SetRate(fields, row.id if row else None, row.version if row else None)
        context.runner.do(set_rate, wish, then=dialog.done_well, failed=dialog.refuse)

    fields = [
        FormField(
            "currency", N_("Currency"), required=True, hint="USD", suggestions=("USD", "EUR", "HKD", "JPY", "GBP")
        ),
        FormField("rate", N_("One unit in CNY"), FieldKind.MONEY, required=True, hint="7.1832"),
        FormField("valid_from", N_("From which day on"), FieldKind.DAY, required=True),
    ]
    draft = {"valid_from": context.clock.today().replace(day=1).isoformat()}
    if row is not None:
        draft = {"currency": row.currency, "rate": row.rate, "valid_from": row.valid_from.isoformat()}
    title = _("Exchange rate of {currency}").format(currency=row.currency) if row else _("New exchange rate")
    return open_form(context, title, fields, draft, send, parent=parent.window())


def target_form(context: Context, row: TargetRow | None, parent: QWidget) -> FormDialog:
    """A new target, or other values of a known one; a new one is for this year."""
    from csdesk.services.settings.rates import SetTarget, parse_target, set_target, value_text

    names, shares = _figures()
    today = context.clock.today()

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        fields = parse_target(typed, today, shares)
        wish = SetTarget(fields, row.id if row else None, row.version if row else None)
        context.runner.do(set_target, wish, then=dialog.done_well, failed=dialog.refuse)

    fields = [
        FormField("figure", N_("Figure"), FieldKind.CHOICE, required=True, options=tuple(names.items()), wide=True),
        FormField("starts_on", N_("First day"), FieldKind.DAY, required=True),
        FormField("ends_on", N_("Last day"), FieldKind.DAY, required=True),
        FormField("value", N_("To be reached"), FieldKind.MONEY, required=True, hint="95%"),
        FormField("notes", N_("Notes")),
    ]
    draft = {
        "figure": next(iter(names)), "starts_on": today.replace(month=1, day=1).isoformat(),
        "ends_on": today.replace(month=12, day=31).isoformat(),
    }  # fmt: skip
    if row is not None:
        draft = {
            "figure": row.figure, "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat(),
            "value": value_text(row.value, shares.get(row.figure, False)).replace(",", ""), "notes": row.notes,
        }  # fmt: skip
    return open_form(context, _("Target"), fields, draft, send, parent=parent.window())
