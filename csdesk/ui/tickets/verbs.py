"""What a person does with demands: each verb sends a command or opens the form that does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from PySide6.QtWidgets import QWidget

from csdesk.models.vocabulary import Decision, DemandState
from csdesk.services.core.texts import N_, _
from csdesk.services.tickets.rules import demand_verbs
from csdesk.ui.core.actions import Action

if TYPE_CHECKING:
    from csdesk.services.tickets.queries import DemandCard
    from csdesk.ui.core.context import Context


@dataclass(frozen=True)
class Standing:
    """What decides which verbs a demand has now."""

    state: str
    raised: bool
    untold: int = 0


class DemandHost(Protocol):
    """The page whose demands are acted on."""

    key: ClassVar[str]

    def acting_demands(self) -> tuple[int, ...]:
        """The ticked demands, or else the chosen one."""
        ...

    def standing(self) -> Standing | None:
        """How the chosen demand stands; None without one."""
        ...


class DemandVerbs:
    """Acts on the chosen demands of a page."""

    def __init__(self, context: Context, host: DemandHost, parent: QWidget) -> None:
        self.context, self._host, self._parent = context, host, parent

    def answer(self, decision: Decision | None = None) -> None:
        """Record what product said to the chosen one."""
        from csdesk.ui.tickets.forms import record_answer

        self._one(partial(record_answer, decision=decision))

    def accept(self) -> None:
        """The same, accepted."""
        self.answer(Decision.ACCEPTED)

    def decline(self) -> None:
        """The same, declined."""
        self.answer(Decision.DECLINED)

    def send(self) -> None:
        """Hand them to product."""
        from csdesk.services.tickets.demands import SendDemands, send_demands

        self._all(send_demands, SendDemands)

    def call_back(self) -> None:
        """Take them back from product."""
        from csdesk.services.tickets.demands import CallBack, call_back_demands

        self._all(call_back_demands, CallBack)

    def take_up(self) -> None:
        """Let product look at them anew."""
        from csdesk.services.tickets.demands import TakeUp, take_up_demands

        self._all(take_up_demands, TakeUp)

    def keep_declined(self) -> None:
        """Leave the chosen one as it is, although it came up again."""
        from csdesk.services.tickets.demands import KeepDeclined, keep_declined

        ids = self._host.acting_demands()
        if ids:
            self.context.runner.do(keep_declined, KeepDeclined(ids[0]))

    def redate(self) -> None:
        """Another date."""
        from csdesk.ui.tickets.forms import ask_date

        self._one(ask_date)

    def release(self) -> None:
        """They came out."""
        from csdesk.ui.tickets.forms import ask_release

        ids = self._host.acting_demands()
        if ids:
            ask_release(self.context, ids, self._parent)

    def edit(self) -> None:
        """Other words."""
        from csdesk.ui.tickets.forms import edit_demand

        self._one(edit_demand)

    def merge(self) -> None:
        """Into another demand."""
        from csdesk.ui.tickets.merging import ask_merge

        ask_merge(self.context, self._host.acting_demands(), self._parent)

    def take_in(self) -> None:
        """Another demand into the chosen one."""
        from csdesk.ui.tickets.merging import ask_merge

        ask_merge(self.context, self._host.acting_demands(), self._parent, inward=True)

    def tell(self) -> None:
        """To the queue of what customers are to be told, with those of the chosen demand."""
        ids = self._host.acting_demands()
        if ids:
            self.context.go.to("telling", filter=["demand", ids[0]])

    def remind(self) -> None:
        """Copy a text that asks product for its answer."""
        self._one(copy_reminder)

    def run(self, verb: str) -> None:
        """Do the verb of a move."""
        verbs: dict[str, Callable[[], None]] = {
            "send": self.send, "call_back": self.call_back, "accept": self.accept, "redate": self.redate,
            "decline": self.decline, "release": self.release, "take_up": self.take_up,
            "keep_declined": self.keep_declined, "tell": self.tell,
        }  # fmt: skip
        verbs[verb]()

    def actions(self) -> list[Action]:
        """All of them, for the menus, the palette and the keys."""

        def act(key: str, text: str, run: Any, shortcut: str = "", icon: str = "", verb: str = "") -> Action:
            enabled = partial(self._may, verb)
            return Action(f"demands.{key}", text, run, icon, shortcut, "tools", (self._host.key,), 2, enabled)

        made = [
            act("answer", N_("Record product's answer…"), self.answer, "A", "check", "accept decline"),
            act("send", N_("Send to product"), self.send, "", "forward", "send"),
            act("call_back", N_("Back to be reviewed"), self.call_back, "", "back", "call_back"),
            act("accept", N_("Accept with a date…"), self.accept, "", "calendar", "accept"),
            act("decline", N_("Decline with an explanation…"), self.decline, "", "close", "decline"),
            act("redate", N_("Move the date…"), self.redate, "", "calendar", "redate"),
            act("release", N_("Mark as released…"), self.release, "", "check", "release"),
            act("take_up", N_("Take up again"), self.take_up, "", "undo", "take_up"),
            act("keep_declined", N_("Keep it declined"), self.keep_declined, "K", "", "keep_declined"),
            act("merge", N_("Merge into another demand…"), self.merge, "M", "link"),
            act("edit", N_("Edit title and background…"), self.edit, "E", "edit"),
            act("remind", N_("Copy a reminder for product"), self.remind, "", "copy", "call_back"),
        ]
        pages, to_tell = (self._host.key,), self._may_tell
        made.append(Action("demands.tell", N_("Tell customers"), self.tell, "mail", "", "tools", pages, 2, to_tell))
        return made

    def _may_tell(self) -> bool:
        standing = self._host.standing()
        return standing is not None and standing.untold > 0

    def _may(self, verbs: str) -> bool:
        standing = self._host.standing()
        if standing is None:
            return False
        allowed = demand_verbs(standing.state, standing.raised)
        return not verbs or any(verb in allowed for verb in verbs.split())

    def _one(self, form: Callable[[Context, int, QWidget], object]) -> None:
        ids = self._host.acting_demands()
        if ids:
            form(self.context, ids[0], self._parent)

    def _all(self, function: Any, command: Any) -> None:
        ids = self._host.acting_demands()
        if ids:
            self.context.runner.do(function, command(ids))


def may_tell(card: DemandCard) -> bool:
    """Whether the next thing to do is to tell customers the last word."""
    over = card.state in (DemandState.RELEASED, DemandState.DECLINED) and not card.raised
    return over and card.untold > 0


def copy_reminder(context: Context, demand_id: int, parent: QWidget) -> None:
    """Put a text on the clipboard that asks product for its answer."""
    from csdesk.services.tickets.queries import demand
    from csdesk.ui.tickets.wording import reminder

    def read(view: Any) -> None:
        from PySide6.QtGui import QGuiApplication

        if view is not None:
            QGuiApplication.clipboard().setText(reminder(view, context.clock.today()))
            context.messages.toast(_("Copied: a reminder to paste into a message to product."))

    context.runner.ask(demand, demand_id, context.clock.today(), then=read, owner=parent, key="remind")
