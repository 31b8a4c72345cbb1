"""The side page of a renewal: amounts and days, what stands in the way, all terms of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.models.vocabulary import RenewalCause, RenewalKind, RenewalStage, RenewalState
from csdesk.services.core import formats
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.ui.core.flow import FlowLayout
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Button, Divider, Label, StateBadge, TierBadge
from csdesk.ui.core.theme import px
from csdesk.ui.renewals.wording import (
    STAGE_TONES,
    STATE_TONES,
    CategoryMark,
    amount_words,
    category_words,
    days_look,
    days_words,
    step_words,
    stored_word,
)

if TYPE_CHECKING:
    from csdesk.services.contracts.queries import ContractRow
    from csdesk.services.renewals.queries import RenewalView
    from csdesk.ui.core.context import Context

FACTS = (
    ("target", N_("To renew (ARR)")),
    ("forecast", N_("Forecast (ARR)")),
    ("final", N_("Final (ARR)")),
    ("due", C_("renewal", "Ends")),
    ("closes", N_("Signature expected")),
    ("notice", N_("Notice until")),
    ("step", N_("Next step")),
    ("money", N_("Payments open")),
    ("tickets", N_("Open tickets")),
    ("outcome", N_("Outcome")),
    ("document", N_("Document")),
)


class RenewalSide(QWidget):
    """Shows one renewal after the other. ``opened`` gives the account that is wanted."""

    opened = Signal(object)
    forecast_wanted = Signal()
    outcome_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._contract: int | None = None
        self.view: RenewalView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addLayout(self._head())
        column.addLayout(self._grid())
        column.addLayout(self._verbs())
        column.addWidget(Divider())
        self.tasks_title = Label(_("Tasks of this renewal"), "h3")
        self.tasks = LinesView(_("Tasks of this renewal"), 80)
        self.terms = LinesView(_("Terms of this account"), 0)
        column.addWidget(self.tasks_title)
        column.addWidget(self.tasks)
        column.addWidget(Label(_("Terms of this account"), "h3"))
        column.addWidget(self.terms)
        column.addStretch(1)

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setSpacing(px(8))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        self.title, self.tier = Label("", "h2", elide=True), TierBadge()
        top.addWidget(self.title, 1)
        top.addWidget(self.tier)
        head.addLayout(top)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.mark, self.category = CategoryMark(None), Label("")
        self.stage, self.number = StateBadge("", "line"), Label("", "caption", "muted", elide=True)
        for part in (self.mark, self.category, self.stage):
            row.addWidget(part)
        row.addWidget(self.number, 1)
        head.addLayout(row)
        return head

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(1, 1)
        self.facts: dict[str, tuple[Label, Label]] = {}
        for place, (key, title) in enumerate(FACTS):
            caption, value = Label(_(title), "caption", "muted"), Label("", wrap=True)
            grid.addWidget(caption, place, 0)
            grid.addWidget(value, place, 1)
            self.facts[key] = caption, value
        return grid

    def _verbs(self) -> FlowLayout:
        row = FlowLayout()
        self.open = Button(_("Open account"), key="Enter")
        self.open.clicked.connect(self._open)
        self.forecast = Button(_("Forecast"), key="F")
        self.forecast.clicked.connect(self.forecast_wanted)
        self.outcome = Button(_("Outcome"), key="O")
        self.outcome.clicked.connect(self.outcome_wanted)
        for button in (self.outcome, self.forecast, self.open):
            row.addWidget(button)
        return row

    def show_contract(self, contract: int | None) -> None:
        """Show a contract; None: none."""
        if contract != self._contract:
            self._contract = contract
            self.refresh()

    def refresh(self) -> None:
        """Ask again for the one that is shown."""
        from csdesk.services.renewals.queries import renewal

        if self._contract is not None:
            today = self._context.clock.today()
            self._context.runner.ask(renewal, self._contract, today, then=self._fill, owner=self)

    def _fill(self, view: RenewalView | None) -> None:
        self.view = view
        self.setVisible(view is not None)
        if view is None:
            return
        card, today = view.card, self._context.clock.today()
        self.title.setText(card.account)
        self.tier.set_tier(card.tier or "")
        self.number.setText(card.number)
        self.mark.show_category(card.category)
        self.category.setText(category_words(card.category))
        self.stage.set_state(_(RenewalStage(card.shown_stage).label), STAGE_TONES[card.shown_stage])
        self._fill_facts(view)
        ink, bold = days_look(card, today)
        self.facts["due"][1].set_look(ink, bold)
        self.facts["money"][1].set_look("ink_red" if view.overdue_cents else "text")
        for button in (self.outcome, self.forecast):
            button.setVisible(card.is_open)
        self.tasks.set_lines(
            [
                Line(key, text, left=formats.day_short(on, today) if on else "", bold=False)
                for key, text, on in view.tasks
            ]
        )
        for part in (self.tasks_title, self.tasks):
            part.setVisible(bool(view.tasks))
        self.terms.set_lines([_term_line(term, card.id) for term in view.terms])

    def _fill_facts(self, view: RenewalView) -> None:
        card, today = view.card, self._context.clock.today()
        cause = _(RenewalCause(view.cause).label) if view.cause else ""
        kind = _(RenewalKind(view.kind).label) if view.kind == RenewalKind.AUTOMATIC else ""
        outcome = stored_word("renewal_state", card.state) if card.state != RenewalState.OPEN else ""
        notice = formats.day_iso(card.notice_on) if card.notice_on is not None else ""
        if card.auto_renew:
            notice = _("{day}, else it renews by itself").format(day=notice or _("not known"))
        said = {
            "target": amount_words(card.target_cents, card.currency),
            "forecast": amount_words(card.forecast_cents, card.currency) if card.forecast_cents is not None else "",
            "final": amount_words(card.final_cents, card.currency) if card.final_cents is not None else "",
            "due": f"{card.end_on.isoformat()} \u00b7 {days_words(card, today)}",
            "closes": formats.day_near(card.closes_on, today) if card.closes_on is not None else "",
            "notice": notice,
            "step": step_words(card, today),
            "money": _money_words(view),
            "tickets": formats.number(view.open_tickets) if view.open_tickets else "",
            "outcome": " \u00b7 ".join(part for part in (outcome, kind, cause, view.reason) if part),
            "document": view.document,
        }
        for key, (caption, value) in self.facts.items():
            value.setText(said[key])
            for part in (caption, value):
                part.setVisible(bool(said[key]))

    def _open(self) -> None:
        if self.view is not None:
            self.opened.emit(self.view.card.account_id)


def _money_words(view: RenewalView) -> str:
    """What is unpaid, and the part of it that is overdue."""
    if not view.open_cents:
        return ""
    said = amount_words(view.open_cents, view.card.currency)
    if not view.overdue_cents:
        return said
    return _("{amount}, {overdue} of it overdue").format(
        amount=said, overdue=amount_words(view.overdue_cents, view.card.currency)
    )


def _term_line(term: ContractRow, here: int) -> Line:
    days = " \u2013 ".join(formats.day_iso(day) for day in (term.start_on, term.end_on))
    seats = ngettext("{n} seat", "{n} seats", term.seats or 0).format(n=term.seats) if term.seats else ""
    parts = (days, seats)
    return Line(
        ("contract", term.id), term.number, " \u00b7 ".join(part for part in parts if part),
        right=amount_words(term.arr_cents, term.currency), bold=term.id == here,
        badges=(Badge(stored_word("renewal_state", term.renewal_state), STATE_TONES[term.renewal_state]),),
    )  # fmt: skip
