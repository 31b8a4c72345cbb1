"""The cards at the right of an account's page: people, goals, the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from csdesk.models.vocabulary import ContactRole, Sentiment
from csdesk.services.core import formats
from csdesk.services.core.texts import C_, _, ngettext
from csdesk.ui.accounts.tabs import HANDOVER_FIELDS
from csdesk.ui.accounts.wording import SENTIMENT_TONES, word
from csdesk.ui.core.parts import Card, Label, StateBadge
from csdesk.ui.core.theme import px
from csdesk.ui.handovers.wording import handover_badge

if TYPE_CHECKING:
    from csdesk.services.accounts.overview import Overview

SHOWN_PEOPLE = 4


def people_card(view: Overview, all_people: Callable[[], None]) -> Card:
    """Who matters there: the first few, with role and sentiment."""
    count = len(view.contacts)
    link = ngettext("All {n}", "All {n}", count).format(n=count) if count > SHOWN_PEOPLE else ""
    card = Card(_("Key people"), link)
    card.linked.connect(all_people)
    for contact in view.contacts[:SHOWN_PEOPLE]:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        gone = contact.left_on is not None
        row.addWidget(Label(contact.name, bold=not gone, ink="muted" if gone else "text"))
        row.addWidget(Label(contact.title, ink="muted", elide=True), 1)
        if gone:
            row.addWidget(StateBadge(_("Has left"), "warn"))
        elif contact.role:
            row.addWidget(StateBadge(word(ContactRole, contact.role), "line"))
        if contact.sentiment and not gone:
            row.addWidget(StateBadge(word(Sentiment, contact.sentiment), SENTIMENT_TONES[Sentiment(contact.sentiment)]))
        card.add(row)
    if not view.contacts:
        card.add(Label(_("Nobody yet"), ink="muted"))
    return card


def goals_card(view: Overview, all_handover: Callable[[], None]) -> Card:
    """What the customer wants, what sales promised, what may go wrong."""
    card = Card(_("Customer goals"), _("Handover") if view.handovers else "")
    card.linked.connect(all_handover)
    newest = view.handovers[0] if view.handovers else None
    if newest is None:
        card.add(Label(_("No handover yet"), ink="muted"))
        return card
    badge = handover_badge(newest.state)
    card.header.insertWidget(1, StateBadge(badge.text, badge.tone))
    for key, title in HANDOVER_FIELDS:
        text = getattr(newest, key)
        if text:
            card.add(Label(_(title), "caption", "muted"))
            card.add(Label(text, wrap=True))
    return card


def money_card(view: Overview, all_money: Callable[[], None]) -> Card:
    """What came in and what is open, in the home currency."""
    account = view.account
    card = Card(_("Money"), _("All"))
    card.linked.connect(all_money)
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(px(12))
    grid.setVerticalSpacing(px(6))
    grid.setColumnStretch(1, 1)
    for row, (caption, cents) in enumerate(
        ((_("Collected"), account.collected_cents), (_(C_("money", "Still open")), account.open_cents))
    ):
        grid.addWidget(Label(caption, ink="muted"), row, 0)
        shown = _("{amount} CNY").format(amount=formats.cents(cents)) if cents is not None else formats.NOTHING
        grid.addWidget(Label(shown, bold=bool(cents), elide=True), row, 1)
    holder = QWidget()
    holder.setLayout(grid)
    card.add(holder)
    return card


def facts_card(view: Overview) -> Card:
    """The rest that one looks up."""
    account = view.account
    products = list(dict.fromkeys(k.products for k in view.contracts if k.products))
    facts = (
        (_("Products"), _(", ").join(products)),
        (_("CSM owner"), account.owner),
        (_("Sales owner"), account.sales_owner),
        (_("Address"), " ".join(part for part in (account.city, account.district, account.address) if part)),
        (_("Website"), account.website),
        (_("Tax number"), account.tax_number),
        (_("Notes"), account.notes),
    )
    card = Card(_("More"))
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(px(12))
    grid.setVerticalSpacing(px(6))
    grid.setColumnStretch(1, 1)
    shown = [(caption, text) for caption, text in facts if text]
    for row, (caption, text) in enumerate(shown):
        label = Label(text, wrap=True)
        grid.addWidget(Label(caption, ink="muted"), row, 0)
        grid.addWidget(label, row, 1)
    holder = QWidget()
    holder.setLayout(grid)
    card.add(holder if shown else Label(_("Nothing else is known yet"), ink="muted"))
    return card
