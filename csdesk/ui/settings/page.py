"""The settings: sections at the left, the chosen one at the right; ``go.to("settings", section="data")`` leads to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.actions import Action
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.page import Args, Page
from csdesk.ui.core.parts import PageHead, Surface
from csdesk.ui.core.theme import px
from csdesk.ui.settings.section import Section

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

SECTIONS = {
    "general": (N_("General"), "settings"),
    "visits": (N_("Visit rules"), "visits"),
    "tiers": (N_("Tier rules"), "tiers"),
    "handover": (N_("Handover checklist"), "people"),
    "tickets": (N_("Requirement rules"), "question"),
    "renewals": (N_("Renewal rules"), "renewals"),
    "answers": (N_("Texts of answers"), "mail"),
    "money": (N_("Money and targets"), "money"),
    "agendas": (N_("Agendas"), "note"),
    "places": (N_("Places and days"), "calendar"),
    "data": (N_("Data and backups"), "shield"),
    "about": (N_("About"), "info"),
}


class SettingsPage(Page):
    """↑↓ at the left go through the sections; Tab goes into the shown one."""

    key = "settings"
    entities = frozenset({"settings", "travel_times", "exchange_rates", "targets"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.sections: dict[str, Section] = {}
        column = self.column()
        column.addWidget(PageHead(_("Settings")))
        row = QHBoxLayout()
        row.setSpacing(px(16))
        surface = Surface()
        surface.setFixedWidth(px(188))
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        self.list = LinesView(_("Sections"), with_icons=True)
        self.list.set_lines([Line(key, _(title), icon=icon, bold=False) for key, (title, icon) in SECTIONS.items()])
        self.list.chosen.connect(self._chosen)
        self.list.opened.connect(self._enter)
        inside.addWidget(self.list)
        self._stack = QStackedWidget()
        row.addWidget(surface)
        row.addWidget(self._stack, 1)
        column.addLayout(row, 1)

    @property
    def here(self) -> str:
        """Key of the shown section."""
        return str(self.list.current_key() or "general")

    @property
    def section(self) -> Section:
        """The shown section."""
        return self._section(self.here)

    def arrive(self, args: Args) -> None:
        wanted = args.get("section")
        self.list.choose(wanted if wanted in SECTIONS else self.here)
        self._show(self.here)

    def refresh(self) -> None:
        from csdesk.services.settings.queries import all_settings

        self.context.runner.ask(all_settings, then=self._settings_came, owner=self)
        self.section.shown()

    def focus_first(self) -> None:
        self.list.setFocus()

    def remember(self) -> dict[str, Any]:
        return {"section": self.here}

    def recall(self, view: Args) -> None:
        if view.get("section") in SECTIONS:
            self.list.choose(view["section"])

    def page_actions(self) -> list[Action]:
        return [
            Action(
                f"settings.{key}", title, _Going(self, key), icon, "", "view", (self.key,), 8, submenu=N_("Settings")
            )
            for key, (title, icon) in SECTIONS.items()
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (enter and held == Qt.KeyboardModifier.ControlModifier and self.section.save()):
            super().keyPressEvent(event)

    def _chosen(self, key: object) -> None:
        self._show(str(key))

    def _enter(self, _key: object) -> None:
        self.section.focusNextChild()

    def _show(self, key: str) -> None:
        self._stack.setCurrentWidget(self._section(key))
        self.refresh()

    def _section(self, key: str) -> Section:
        made = self.sections.get(key)
        if made is None:
            made = self.sections[key] = MAKERS[key](self.context)
            self._stack.addWidget(made)
        return made

    def _settings_came(self, settings: dict[str, Any]) -> None:
        for section in self.sections.values():
            section.settings_came(settings)


class _Going:
    """Shows one section; equal to another one that does."""

    def __init__(self, page: SettingsPage, key: str) -> None:
        self._page, self._key = page, key

    def __call__(self) -> None:
        self._page.list.choose(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Going) and (other._page, other._key) == (self._page, self._key)

    def __hash__(self) -> int:
        return hash(self._key)


def _general(context: Context) -> Section:
    from csdesk.ui.settings.general import GeneralSection

    return GeneralSection(context)


def _visits(context: Context) -> Section:
    from csdesk.ui.settings.visit_rules import VisitRulesSection

    return VisitRulesSection(context)


def _tiers(context: Context) -> Section:
    from csdesk.ui.settings.tier_rules import TierRulesSection

    return TierRulesSection(context)


def _handover(context: Context) -> Section:
    from csdesk.ui.settings.handover_rules import HandoverRulesSection

    return HandoverRulesSection(context)


def _tickets(context: Context) -> Section:
    from csdesk.ui.settings.ticket_rules import TicketRulesSection

    return TicketRulesSection(context)


def _renewals(context: Context) -> Section:
    from csdesk.ui.settings.renewal_rules import RenewalRulesSection

    return RenewalRulesSection(context)


def _answers(context: Context) -> Section:
    from csdesk.ui.settings.answer_texts import AnswerTextsSection

    return AnswerTextsSection(context)


def _money(context: Context) -> Section:
    from csdesk.ui.settings.money_rules import MoneyRulesSection

    return MoneyRulesSection(context)


def _agendas(context: Context) -> Section:
    from csdesk.ui.settings.agendas import AgendasSection

    return AgendasSection(context)


def _places(context: Context) -> Section:
    from csdesk.ui.settings.places import PlacesSection

    return PlacesSection(context)


def _data(context: Context) -> Section:
    from csdesk.ui.settings.data import DataSection

    return DataSection(context)


def _about(context: Context) -> Section:
    from csdesk.ui.settings.about import AboutSection

    return AboutSection(context)


MAKERS: dict[str, Callable[[Context], Section]] = {
    "general": _general, "visits": _visits, "agendas": _agendas, "tiers": _tiers, "handover": _handover,
    "tickets": _tickets, "renewals": _renewals, "answers": _answers, "money": _money, "places": _places, "data": _data,
    "about": _about,
}  # fmt: skip
