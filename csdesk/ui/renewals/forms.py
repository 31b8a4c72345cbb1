"""The forms of renewals: forecast, outcome, one value for many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from csdesk.models.vocabulary import HOME_CURRENCY, RenewalCategory, RenewalCause
from csdesk.services.core import formats
from csdesk.services.core.drafts import Reader
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.money import typed_amount
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.services.core.values import Unreadable, parse_amount, parse_day
from csdesk.services.renewals.rules import CHURNED, OPEN_STAGES, RENEWED, OutcomeFields, parse_forecast, parse_outcome
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form
from csdesk.ui.core.parts import Label
from csdesk.ui.core.theme import px
from csdesk.ui.receivables.wording import rhythms_to_follow
from csdesk.ui.renewals.wording import amount_words, split_words

if TYPE_CHECKING:
    from csdesk.services.core.desk import Done
    from csdesk.services.renewals.queries import Proposal, RenewalCard
    from csdesk.ui.core.context import Context

DAY_HINT = "2026-03-05, +7"
FOLLOWING = ("number", "start_on", "end_on", "amount", "seats", "agreed_rise", "rhythm")
"""Fields of the contract that follows: not there for a loss."""
NONE = "none"


def _categories(unsaid: str) -> tuple[tuple[str, str], ...]:
    return (("", unsaid), *((category.value, _(category.label)) for category in RenewalCategory))


def _causes() -> tuple[tuple[str, str], ...]:
    return (("", _("Choose…")), *((cause.value, _(cause.label)) for cause in RenewalCause))


def change_forecast(context: Context, contract_id: int, parent: QWidget) -> None:
    """Change category, amount and expected day of one renewal, read freshly."""
    from csdesk.services.renewals.queries import proposal

    today = context.clock.today()

    def opened(found: Proposal | None) -> None:
        if found is None:
            return
        card = found.card

        def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
            from csdesk.services.renewals.commands import ChangeForecast
            from csdesk.services.renewals.commands import change_forecast as command

            wish = ChangeForecast(card.id, parse_forecast(typed, today), card.version)
            context.runner.do(command, wish, then=dialog.done_well, failed=dialog.refuse)

        fields = [
            FormField("category", N_("Category"), FieldKind.CHOICE, options=_categories(_("Not judged"))),
            FormField("closes_on", N_("Signature expected"), FieldKind.DAY, DAY_HINT),
            FormField("forecast", N_("Forecast (ARR)"), FieldKind.MONEY, formats.cents(card.target_cents)),
            FormField("target", N_("To renew (ARR)"), FieldKind.MONEY, formats.cents(found.arr_cents)),
            FormField("next_step", N_("Next step"), wide=True),
        ]
        own_target = card.target_cents != found.arr_cents
        draft = {
            "category": card.category or "", "closes_on": card.closes_on.isoformat() if card.closes_on else "",
            "forecast": _plain(card.forecast_cents), "target": _plain(card.target_cents) if own_target else "",
            "next_step": card.step if card.step_on is None else "",
        }  # fmt: skip
        title = _("Forecast: {name}").format(name=card.account)
        dialog = open_form(
            context, title, fields, draft, send, draft_key=f"renewal.forecast.{card.id}", parent=parent.window()
        )
        _say(dialog, _about(card, today))

    context.runner.ask(proposal, contract_id, today, then=opened, owner=parent, key="forecast")


def record_outcome(context: Context, contract_id: int, parent: QWidget, result: str = "") -> None:
    """Record what was decided: renewed, with the contract that follows, or lost. ``result`` is chosen already."""
    from csdesk.services.renewals.queries import proposal

    today = context.clock.today()

    def opened(found: Proposal | None) -> None:
        if found is not None:
            _Outcome(context, found, today, result, parent)

    context.runner.ask(proposal, contract_id, today, then=opened, owner=parent, key="outcome")


class _Outcome:
    """The form of an outcome; says while typing how it splits."""

    def __init__(self, context: Context, found: Proposal, today: date, result: str, parent: QWidget) -> None:
        self._context, self._found, self._today = context, found, today
        card = found.card
        fields = [
            FormField("result", N_("Outcome"), FieldKind.CHOICE, required=True,
                      options=(("", _("Choose…")), (RENEWED, _("Renewed")), (CHURNED, _("Lost")))),
            FormField("on", N_("Decided on"), FieldKind.DAY, DAY_HINT, required=True),
            FormField("cause", C_("renewal", "Cause"), FieldKind.CHOICE, options=_causes()),
            FormField("reason", N_("In the customer's words")),
            FormField("number", N_("Number of the next contract"), required=True),
            FormField("amount", N_("Amount of the next term"), FieldKind.MONEY, required=True),
            FormField("start_on", N_("Start of the next term"), FieldKind.DAY, DAY_HINT, required=True),
            FormField("end_on", N_("End of the next term"), FieldKind.DAY, DAY_HINT, required=True),
            *([FormField("seats", N_("Seats"), FieldKind.NUMBER)] if found.lines == 1 else []),
            FormField("agreed_rise", N_("Of it a price rise agreed before (a year)"), FieldKind.MONEY),
            FormField("rhythm", N_("Instalments"), FieldKind.CHOICE, options=rhythms_to_follow()),
        ]  # fmt: skip
        draft = {
            "result": result, "on": today.isoformat(), "number": found.number, "amount": typed_amount(found.amount),
            "start_on": found.start_on.isoformat(), "end_on": found.end_on.isoformat(),
            "seats": "" if found.seats is None else str(found.seats), "rhythm": found.rhythm,
        }  # fmt: skip
        self.dialog = open_form(
            context, _("Outcome: {name}").format(name=card.account), fields, draft, self._send,
            verb=_("Record"), draft_key=f"renewal.outcome.{card.id}", parent=parent.window(),
        )  # fmt: skip
        _say(self.dialog, _about(card, today))
        self._said = _say(self.dialog, "", bold=True)
        self.dialog.form.changed.connect(self._follow)
        self._follow()
        if result:
            self.dialog.form.cells["cause" if result == CHURNED else "amount"].editor.setFocus()

    def _follow(self) -> None:
        typed = self.dialog.form.draft()
        lost = typed["result"] == CHURNED
        for key in FOLLOWING:
            if key in self.dialog.form.cells:
                self.dialog.form.cells[key].setVisible(not lost)
        self._said.setText(self._split(typed) if not lost else "")

    def _split(self, typed: Mapping[str, str]) -> str:
        from csdesk.services.renewals.commands import foretold

        try:
            days = [parse_day(typed[key], self._today) for key in ("start_on", "end_on")]
            fields = OutcomeFields(
                True, self._today, start_on=days[0], end_on=days[1], amount=parse_amount(typed["amount"]),
                agreed_rise=parse_amount(typed["agreed_rise"]),
            )  # fmt: skip
        except Unreadable:
            return ""
        made = foretold(self._found, fields)
        return "" if made is None else _("A year: {split}").format(split=split_words(made))

    def _send(self, typed: Mapping[str, str], dialog: FormDialog) -> None:
        from csdesk.services.renewals.commands import RecordLoss, RecordRenewal, record_loss, record_renewal

        card = self._found.card
        fields = parse_outcome(typed, card.end_on, self._today)
        runner = self._context.runner
        if fields.renewed:
            wish = RecordRenewal(card.id, fields, card.version)
            runner.do(record_renewal, wish, then=dialog.done_well, failed=dialog.refuse)
        else:
            assert fields.cause is not None
            loss = RecordLoss((card.id,), fields.cause, fields.reason, fields.on)
            runner.do(record_loss, loss, then=dialog.done_well, failed=dialog.refuse)


def ask_value(context: Context, ids: Sequence[int], key: str, parent: QWidget) -> None:
    """Ask for the category or the stage that some renewals get in one step."""
    from csdesk.services.renewals.commands import SetRenewals, set_renewals

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        given = typed[key]
        if not given:
            raise Problems([Problem(key, _("Choose one of the list."), code="missing")])
        wish = SetRenewals(tuple(ids), {key: None if given == NONE else given})
        context.runner.do(set_renewals, wish, then=dialog.done_well, failed=dialog.refuse)

    choose = ("", _("Choose…"))
    if key == "category":
        options: tuple[tuple[str, str], ...] = (choose, *_categories(_("Not judged"))[1:], (NONE, _("Not judged")))
        field = FormField(key, N_("Category"), FieldKind.CHOICE, wide=True, options=options)
        title = ngettext("Category of {n} renewal", "Category of {n} renewals", len(ids)).format(n=len(ids))
    else:
        options = (choose, *((stage.value, _(stage.label)) for stage in OPEN_STAGES))
        field = FormField(key, N_("Stage"), FieldKind.CHOICE, wide=True, options=options)
        title = ngettext("Stage of {n} renewal", "Stage of {n} renewals", len(ids)).format(n=len(ids))
    open_form(context, title, [field], {}, send, verb=_("Change"), parent=parent.window())


def ask_loss(context: Context, ids: Sequence[int], parent: QWidget) -> None:
    """Ask why some contracts are not renewed, and close them in one step."""
    from csdesk.services.renewals.queries import card

    if len(ids) > 1:
        title = ngettext("{n} contract not renewed", "{n} contracts not renewed", len(ids)).format(n=len(ids))
        _ask_loss(context, ids, parent, title)
        return

    def came(one: RenewalCard | None) -> None:
        if one is not None:
            title = _("{account} does not renew {number}").format(account=one.account, number=one.number)
            _ask_loss(context, ids, parent, title)

    context.runner.ask(card, ids[0], context.clock.today(), then=came, owner=parent, key="loss")


def _ask_loss(context: Context, ids: Sequence[int], parent: QWidget, title: str) -> None:
    from csdesk.services.renewals.commands import RecordLoss, record_loss

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        cause, reason = read.word("cause", RenewalCause), read.text("reason")
        read.check()
        if cause is None:
            raise Problems(
                [Problem("cause", _("Say why the customer leaves: figures of churn need it."), code="missing")]
            )
        context.runner.do(
            record_loss, RecordLoss(tuple(ids), cause, reason), then=dialog.done_well, failed=dialog.refuse
        )

    fields = [
        FormField("cause", C_("renewal", "Cause"), FieldKind.CHOICE, wide=True, required=True, options=_causes()),
        FormField("reason", N_("In the customer's words"), wide=True),
    ]
    open_form(context, title, fields, {}, send, verb=_("Record"), parent=parent.window())


def renew_same(context: Context, ids: Sequence[int]) -> None:
    """Renew contracts at the same terms, in one step."""
    from csdesk.services.renewals.commands import RenewMany, renew_many

    context.runner.do(renew_many, RenewMany(tuple(ids)))


def make_tasks(context: Context) -> None:
    """Make the renewal tasks that are missing, in one step."""
    from csdesk.services.renewals.tasks import MakeRenewalTasks, make_renewal_tasks

    def made(done: Done[Any]) -> None:
        if not done.value:
            context.messages.toast(_("Every contract has its renewal tasks already."))

    context.runner.do(make_renewal_tasks, MakeRenewalTasks(), then=made)


def make_due_tasks(context: Context, owner: QObject) -> None:
    """Once a day: make what has fallen due since, where tasks of renewals are kept at all."""
    from csdesk.services.renewals.tasks import due_now

    def told(count: int) -> None:
        if count:
            make_tasks(context)

    context.runner.ask(due_now, context.clock.today(), then=told, owner=owner)


def _about(card: RenewalCard, today: date) -> str:
    """What the form is about, in a line."""
    amount = amount_words(card.target_cents, card.currency)
    currency = f" {_('CNY')}" if card.currency == HOME_CURRENCY else ""
    return _("{number}, ends {day} ({left}), {amount} a year").format(
        number=card.number, day=card.end_on.isoformat(), left=formats.days_left(card.end_on, today),
        amount=f"{amount}{currency}",
    )  # fmt: skip


def _say(dialog: FormDialog, text: str, *, bold: bool = False) -> Label:
    """A sentence above the verbs, or above the fields where it is muted."""
    label = Label(text, ink="text" if bold else "muted", bold=bold, wrap=True)
    label.setContentsMargins(px(4), 0, px(4), 0)
    column = dialog.layout()
    assert isinstance(column, QVBoxLayout)
    column.insertWidget(column.count() - 1 if bold else 1, label)
    dialog.resize(dialog.width(), dialog.height() + label.fontMetrics().height() + px(12))
    return label


def _plain(cents: int | None) -> str:
    return "" if cents is None else formats.cents(cents).replace(",", "")
