"""What a person does with renewals: each verb sends a command or opens the form that does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtWidgets import QMenu, QWidget

from csdesk.models.vocabulary import RenewalStage
from csdesk.services.core.texts import N_, _
from csdesk.services.renewals.rules import CHURNED, LATE, OPEN_STAGES, RENEWED
from csdesk.ui.core.actions import Action
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.renewals.forms import ask_loss, ask_value, change_forecast, make_tasks, record_outcome, renew_same

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from csdesk.services.renewals.queries import RenewalCard
    from csdesk.ui.core.context import Context

ENDS = (RenewalStage.SIGNED, RenewalStage.LOST)


class RenewalHost(Protocol):
    """The page whose renewals are acted on."""

    def acting(self) -> tuple[int, ...]:
        """The ticked contracts, or else the chosen one."""
        ...

    def card_of(self, contract: int) -> RenewalCard | None:
        """The card of a contract, where it is among those that end soon."""
        ...

    def stands_open(self, contract: int) -> bool:
        """Whether nothing has been decided about a contract."""
        ...

    def place_of_menu(self) -> QPoint:
        """Where a menu for many opens, on the screen."""
        ...


class RenewalVerbs:
    """Acts on the chosen renewals of a page."""

    def __init__(self, context: Context, host: RenewalHost, parent: QWidget) -> None:
        self.context, self._host, self._parent = context, host, parent

    # --- outcome and forecast ---------------------------------------------------------------------------------------

    def record(self) -> None:
        """The outcome of the chosen one; of many: a menu of what can be done to all."""
        ids = self._host.acting()
        if len(ids) > 1:
            menu = QMenu(self._parent)
            menu.addAction(_("Renew at the same terms")).triggered.connect(self.renew_same)
            menu.addAction(_("Not renewed…")).triggered.connect(self.lose)
            pop_up(menu, self._host.place_of_menu())
        elif ids and self._host.stands_open(ids[0]):
            record_outcome(self.context, ids[0], self._parent)

    def forecast(self) -> None:
        """Category, amount and expected day of the chosen one."""
        ids = self._host.acting()
        if ids and self._host.stands_open(ids[0]):
            change_forecast(self.context, ids[0], self._parent)

    def renew_same(self) -> None:
        """Renew all of them as they are."""
        self._all(lambda ids: renew_same(self.context, ids))

    def lose(self) -> None:
        """All of them leave, for one cause."""
        self._all(lambda ids: ask_loss(self.context, ids, self._parent))

    def category(self) -> None:
        """One category for all of them."""
        self._all(lambda ids: ask_value(self.context, ids, "category", self._parent))

    def stage(self) -> None:
        """One stage for all of them."""
        self._all(lambda ids: ask_value(self.context, ids, "stage", self._parent))

    def make_tasks(self) -> None:
        """The tasks that contracts lack."""
        make_tasks(self.context)

    def set_value(self, contract: int, key: str, value: Any) -> None:
        """A value that was chosen in a cell; signed and lost ask for the outcome."""
        if key == "stage":
            self._to(contract, str(value))
        else:
            self._set(contract, key, value or ("" if key == "next_step" else None))

    # --- stages -----------------------------------------------------------------------------------------------------

    def move(self, contract: int, target: str) -> None:
        """A card was let go over a column: a stage, or days, which stand in the contract."""
        card = self._host.card_of(contract)
        if card is None or not target or target == card.shown_stage:
            return
        if target == LATE or target.isdigit():
            self.context.messages.toast(_("The day of the end stands in the contract. Ctrl+←→ moves the stage."))
        else:
            self._to(contract, target)

    def stage_on(self) -> None:
        """To the next stage; after the last one on the way the outcome is asked."""
        self._shift(1)

    def stage_back(self) -> None:
        """To the stage before."""
        self._shift(-1)

    def _shift(self, by: int) -> None:
        ids = self._host.acting()
        card = self._host.card_of(ids[0]) if ids else None
        order = [*(stage.value for stage in OPEN_STAGES), RenewalStage.SIGNED.value]
        if card is not None and card.shown_stage in order and 0 <= order.index(card.shown_stage) + by < len(order):
            self._to(card.id, order[order.index(card.shown_stage) + by])

    def _to(self, contract: int, stage: str) -> None:
        if not self._host.stands_open(contract):
            self.context.messages.toast(_("The outcome is recorded already: open the account to correct it."))
        elif stage in ENDS:
            result = RENEWED if stage == RenewalStage.SIGNED else CHURNED
            record_outcome(self.context, contract, self._parent, result)
        else:
            self._set(contract, "stage", stage)

    def _set(self, contract: int, key: str, value: Any) -> None:
        from csdesk.services.renewals.commands import SetRenewals, set_renewals

        self.context.runner.do(set_renewals, SetRenewals((contract,), {key: value}))

    # --- the account ------------------------------------------------------------------------------------------------

    def open_account(self) -> None:
        """The account of the chosen one."""
        self._with_account(self.go_to_account)

    def open_account_of(self, contract: int) -> None:
        """The account of a contract."""
        self._with_account(self.go_to_account, contract)

    def go_to_account(self, account: int) -> None:
        """An account's page."""
        self.context.go.to("accounts", id=account)

    def visit(self) -> None:
        """Plan a visit there."""
        self._with_account(lambda account: self.context.go.to("visits", plan=account))

    def note(self) -> None:
        """Write a note there."""
        self._with_account(lambda account: self.context.go.to("accounts", id=account, tab="timeline", write=True))

    def _with_account(self, then: Callable[[int], object], contract: int | None = None) -> None:
        from csdesk.services.renewals.queries import account_of

        ids = self._host.acting() if contract is None else (contract,)
        if not ids:
            return
        card = self._host.card_of(ids[0])
        if card is not None:
            then(card.account_id)
            return

        def found(account: int | None) -> None:
            if account is not None:
                then(account)

        self.context.runner.ask(account_of, ids[0], then=found, owner=self._parent, key="account")

    # --- all of them ------------------------------------------------------------------------------------------------

    def actions(self) -> list[Action]:
        """For the menus, the palette and the keys."""

        def act(
            key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "", menu: str = "tools",
            enabled: Callable[[], bool] | None = None,
        ) -> Action:  # fmt: skip
            return Action(f"renewals.{key}", text, run, icon, shortcut, menu, ("renewals",), 2, enabled)

        chosen, undecided = self._any, self._are_open
        return [
            act("open", N_("Open account"), self.open_account, "", "accounts", "account", chosen),
            act("outcome", N_("Record outcome…"), self.record, "O", "check", enabled=undecided),
            act("forecast", N_("Change forecast…"), self.forecast, "F", "edit", enabled=undecided),
            act("same", N_("Renew at the same terms"), self.renew_same, "", "renewals", enabled=undecided),
            act("category", N_("Category…"), self.category, "", "", enabled=undecided),
            act("stage", N_("Stage…"), self.stage, "", "", enabled=undecided),
            act("lost", N_("Not renewed…"), self.lose, "", "close", enabled=undecided),
            act("on", N_("Move to the next stage"), self.stage_on, "Ctrl+Right", "forward", enabled=undecided),
            act("back", N_("Move to the stage before"), self.stage_back, "Ctrl+Left", "back", enabled=undecided),
            act("visit", N_("Plan a visit"), self.visit, "V", "visits", "visit", chosen),
            act("note", N_("Write a note"), self.note, "L", "note", "account", chosen),
            act("tasks", N_("Make renewal tasks"), self.make_tasks, "", "task"),
        ]

    def _any(self) -> bool:
        return bool(self._host.acting())

    def _are_open(self) -> bool:
        ids = self._host.acting()
        return bool(ids) and all(self._host.stands_open(one) for one in ids)

    def _all(self, act: Callable[[tuple[int, ...]], object]) -> None:
        ids = tuple(one for one in self._host.acting() if self._host.stands_open(one))
        if ids:
            act(ids)
