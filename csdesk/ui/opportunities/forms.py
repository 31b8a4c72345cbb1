"""The forms of opportunities: new, change, win, lose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from csdesk.models.vocabulary import (
    HOME_CURRENCY,
    ContractState,
    OpportunityKind,
    OpportunityOrigin,
    OpportunityStage,
)
from csdesk.services.contracts.states import proposed_day
from csdesk.services.core import formats
from csdesk.services.core.drafts import Reader
from csdesk.services.core.money import typed_amount
from csdesk.services.core.texts import C_, N_, _
from csdesk.services.core.values import parse_amount, parse_day
from csdesk.services.opportunities import rules
from csdesk.services.receivables.rules import RHYTHMS, Rhythm, usual_rhythm
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form

if TYPE_CHECKING:
    from csdesk.services.contracts.queries import ContractRow
    from csdesk.services.opportunities.queries import Choices, OpportunityRow
    from csdesk.ui.core.context import Context

AMENDED, RENEWED = "amend", "renew"


def _parent(parent: QWidget | None) -> QWidget | None:
    return parent.window() if parent is not None else QApplication.activeWindow()


def opportunity_fields(choices: Choices, *, with_account: bool, decided: bool = False) -> list[FormField]:
    """An opportunity's fields; one that is won or lost keeps its stage."""
    account = (
        [FormField("account", N_("Account"), suggestions=choices.accounts, required=True, wide=True)]
        if with_account
        else []
    )
    stage = FormField("stage", N_("Stage"), FieldKind.CHOICE, options=_stages())
    return [
        *account,
        FormField("title", N_("What they may buy"), required=True, wide=True),
        FormField("kind", C_("of an opportunity", "Kind"), FieldKind.CHOICE,
                  options=tuple((kind.value, _(kind.label)) for kind in OpportunityKind)),
        *([] if decided else [stage]),
        FormField("seats", N_("Seats more"), FieldKind.NUMBER),
        FormField("module", N_("Module"), suggestions=choices.modules),
        FormField("amount", N_("ARR it adds"), FieldKind.MONEY),
        FormField("currency", N_("Currency"), FieldKind.CHOICE, options=tuple((c, c) for c in rules.CURRENCIES)),
        FormField("probability", N_("Likely, %"), FieldKind.NUMBER, hint=N_("by its stage")),
        FormField("expected_on", C_("of an opportunity", "Expected"), FieldKind.DAY, hint="2026-03-05, +30"),
        FormField("owner", N_("Owner"), suggestions=choices.owners),
        FormField("notes", N_("Notes"), FieldKind.LONG),
    ]  # fmt: skip


def _stages() -> tuple[tuple[str, str], ...]:
    return tuple((stage.value, _(stage.label)) for stage in rules.OPEN_STAGES)


def new_opportunity(
    context: Context,
    account_id: int | None = None,
    name: str = "",
    draft: Mapping[str, str] | None = None,
    origin: OpportunityOrigin = OpportunityOrigin.BY_HAND,
    origin_id: int | None = None,
    parent: QWidget | None = None,
) -> None:
    """Ask for a new opportunity: of an account (``name`` is how it is called), or of any; ``origin`` is where it was seen."""
    from csdesk.services.opportunities.queries import form_choices

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        from csdesk.services.opportunities.commands import NewOpportunity, create_opportunity

        fields = rules.parse(typed, context.clock.today())
        wish = NewOpportunity(fields, account_id, typed.get("account", ""), origin, origin_id)
        context.runner.do(create_opportunity, wish, then=dialog.done_well, failed=dialog.refuse)

    def opened(choices: Choices) -> None:
        begin = {"currency": HOME_CURRENCY} | dict(draft or {})
        title = _("New opportunity at {name}").format(name=name) if account_id else _("New opportunity")
        fields = opportunity_fields(choices, with_account=account_id is None)
        key = "" if origin_id is not None else f"opportunity.new.{account_id or ''}"
        open_form(context, title, fields, begin, send, draft_key=key, parent=_parent(parent))

    context.runner.ask(form_choices, then=opened, owner=_parent(parent) or context.go)


def edit_opportunity(context: Context, opportunity_id: int, parent: QWidget) -> None:
    """Change an opportunity, read freshly."""

    def opened(found: tuple[OpportunityRow | None, Choices]) -> None:
        row, choices = found
        if row is not None:
            _edit(context, row, choices, parent)

    context.runner.ask(_row_and_choices, opportunity_id, then=opened, owner=parent)


def _row_and_choices(connection: Any, opportunity_id: int) -> tuple[OpportunityRow | None, Choices]:
    from csdesk.services.opportunities.queries import form_choices, opportunity

    return opportunity(connection, opportunity_id), form_choices(connection)


def _edit(context: Context, row: OpportunityRow, choices: Choices, parent: QWidget) -> None:
    from csdesk.services.opportunities.commands import ChangeOpportunity, change_opportunity

    fields = opportunity_fields(choices, with_account=False, decided=not row.is_open)
    draft = {field.key: _typed(getattr(row, field.key)) for field in fields}

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeOpportunity(row.id, rules.parse(typed, context.clock.today()), row.version)
        context.runner.do(change_opportunity, wish, then=dialog.done_well, failed=dialog.refuse)

    title = _("Opportunity at {name}").format(name=row.account)
    open_form(context, title, fields, draft, send, draft_key=f"opportunity.{row.id}", parent=_parent(parent))


def stage_menu(context: Context, ids: tuple[int, ...], parent: QWidget, at: QPoint) -> None:
    """Offer the open stages."""
    menu = QMenu(parent)
    for value, label in _stages():
        menu.addAction(label).triggered.connect(partial(set_values, context, ids, {"stage": value}))
    pop_up(menu, at)


def set_values(context: Context, ids: tuple[int, ...], values: Mapping[str, str], _checked: bool = False) -> None:
    """The same values for some; what cannot be taken is told."""
    from csdesk.services.opportunities.commands import SetOpportunities, set_opportunities

    def refused(problems: tuple[Any, ...]) -> None:
        context.messages.toast(problems[0].message)

    context.runner.do(set_opportunities, SetOpportunities(ids, values), failed=refused)


def win(context: Context, opportunity_id: int, parent: QWidget) -> None:
    """Ask into which contract it goes, from which day."""
    from csdesk.services.opportunities.queries import with_contracts

    def opened(found: tuple[OpportunityRow | None, list[ContractRow]]) -> None:
        row, contracts = found
        if row is None:
            return
        fitting = _fitting(contracts, context)
        if not row.is_open and row.stage == OpportunityStage.WON:
            context.messages.toast(_("It is won already."))
        elif not fitting:
            context.messages.toast(_("This account has no contract that it could go into."))
        else:
            _ask_win(context, row, fitting, parent)

    context.runner.ask(with_contracts, opportunity_id, then=opened, owner=parent)


def _fitting(contracts: Sequence[ContractRow], context: Context) -> list[ContractRow]:
    over = (ContractState.CHURNED, ContractState.TERMINATED)
    today = context.clock.today()
    return [row for row in contracts if row.state(today) not in over and row.successor_id is None]


def _ask_win(context: Context, row: OpportunityRow, contracts: Sequence[ContractRow], parent: QWidget) -> None:
    from csdesk.services.opportunities.commands import Win, win_opportunity

    today = context.clock.today()
    chosen = next((k for k in contracts if k.id == row.contract_id), contracts[0])
    options = tuple((str(k.id), f"{k.number} ({formats.day_iso(k.end_on)})") for k in contracts)
    fields = [
        FormField("contract_id", N_("Contract"), FieldKind.CHOICE, options=options),
        FormField("how", N_("How"), FieldKind.CHOICE,
                  options=((AMENDED, _("Amend it from a day on")), (RENEWED, _("Renew it with more")))),
        FormField("from_on", N_("From which day"), FieldKind.DAY, hint=N_("a renewal: the day after the end")),
        FormField("amount", N_("ARR it adds"), FieldKind.MONEY, required=True),
        FormField("won_on", N_("Agreed on"), FieldKind.DAY),
        FormField("rhythm", N_("Instalments"), FieldKind.CHOICE, options=(("", _("none yet")), *_rhythms())),
        FormField("due_on", N_("First one due"), FieldKind.DAY, hint=N_("the day from which it runs")),
    ]  # fmt: skip
    running = chosen.end_on is None or today <= chosen.end_on
    begins = proposed_day(chosen.start_on, chosen.end_on, today)
    draft = {
        "contract_id": str(chosen.id),
        "how": AMENDED if running else RENEWED,
        "from_on": begins.isoformat() if running else "",
        "amount": _typed(row.amount),
        "won_on": today.isoformat(),
        "rhythm": _usual(chosen),
    }

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        by_renewal = read.text("how") == RENEWED
        given = read.value("from_on", lambda text: parse_day(text, today))
        amount = read.value("amount", parse_amount)
        won_on = read.value("won_on", lambda text: parse_day(text, today))
        due_on = read.value("due_on", lambda text: parse_day(text, today))
        rhythm = Rhythm(typed["rhythm"]) if typed.get("rhythm") else None
        read.check()
        wish = Win(
            row.id, int(typed["contract_id"]), _unless_untouched(given, begins, by_renewal), by_renewal, amount, won_on,
            row.version, rhythm, due_on,
        )  # fmt: skip
        context.runner.do(win_opportunity, wish, then=dialog.done_well, failed=dialog.refuse)

    title = _("Won: {name}").format(name=row.title)
    dialog = open_form(context, title, fields, draft, send, verb=_("Won"), parent=_parent(parent))
    _FollowContract(dialog, {str(one.id): _usual(one) for one in contracts})


def _rhythms() -> tuple[tuple[str, str], ...]:
    return tuple((rhythm.value, _(label)) for rhythm, label in RHYTHMS.items() if rhythm != Rhythm.CUSTOM)


def _usual(contract: ContractRow) -> str:
    """How a contract is paid, as the form has it."""
    return usual_rhythm(contract.payment_terms, planned=contract.open_cents is not None) or ""


class _FollowContract(QObject):
    """Proposes the instalments of the chosen contract until a person says otherwise."""

    def __init__(self, dialog: FormDialog, usual: Mapping[str, str]) -> None:
        super().__init__(dialog)
        self._cells, self._usual = dialog.form.cells, usual
        self._proposed = self._cells["rhythm"].text()
        self._cells["contract_id"].edited.connect(self._follow)

    def _follow(self) -> None:
        if self._cells["rhythm"].text() == self._proposed:
            self._proposed = self._usual.get(self._cells["contract_id"].text(), "")
            self._cells["rhythm"].set_text(self._proposed)


def _unless_untouched(given: date | None, proposed: date, by_renewal: bool) -> date | None:
    """The day proposed for an amendment means nothing for a renewal."""
    return None if by_renewal and given == proposed else given


def lose(context: Context, ids: tuple[int, ...], parent: QWidget) -> None:
    """Ask why."""
    from csdesk.services.opportunities.commands import Lose, lose_opportunities

    fields = [
        FormField("reason", N_("Why it was lost"), FieldKind.LONG, required=True),
        FormField("lost_on", N_("Lost on"), FieldKind.DAY),
    ]

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        day = read.value("lost_on", lambda text: parse_day(text, context.clock.today()))
        read.check()
        context.runner.do(
            lose_opportunities, Lose(ids, read.text("reason"), day), then=dialog.done_well, failed=dialog.refuse
        )

    draft = {"lost_on": context.clock.today().isoformat()}
    open_form(
        context,
        _("They will not buy"),
        fields,
        draft,
        send,
        verb=_(C_("of an opportunity", "Lost")),
        parent=_parent(parent),
    )


def ask_owner(context: Context, ids: tuple[int, ...], parent: QWidget) -> None:
    """Ask for another owner."""
    from csdesk.services.opportunities.queries import form_choices

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        set_values(context, ids, {"owner": typed.get("owner", "")})
        dialog.done_well()

    def opened(choices: Choices) -> None:
        fields = [FormField("owner", N_("Owner"), suggestions=choices.owners, wide=True)]
        open_form(context, _("Change owner"), fields, {}, send, parent=_parent(parent))

    context.runner.ask(form_choices, then=opened, owner=parent)


def _typed(value: object) -> str:
    if isinstance(value, Decimal):
        return typed_amount(value)
    return "" if value is None else str(value)
