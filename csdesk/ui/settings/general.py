"""General settings: how the window looks, who the user is. Each takes effect at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from csdesk.services.core.texts import LANGUAGES, N_, _
from csdesk.services.settings.rules import BY_KEY
from csdesk.ui.core.parts import Card, Field, Segmented, WrongLabel
from csdesk.ui.core.theme import ZOOMS, px
from csdesk.ui.settings.section import NumberField, Rows, Section, row_of, unit_label, value_of

if TYPE_CHECKING:
    from csdesk.services.core.errors import Problem
    from csdesk.ui.core.context import Context

THEMES = {"system": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}


class GeneralSection(Section):
    """Window and user."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("General"), parent)
        self._settings: Mapping[str, Any] = {}
        self.add_card(self._window())
        self.add_card(self._user())
        self.column.addStretch(1)
        context.preferences.changed.connect(self._preferred)

    def _window(self) -> Card:
        card = Card(_("Window"), note=_("Kept on this machine"))
        rows = Rows(card)
        preferences = self.context.preferences
        self.language = Segmented(list(LANGUAGES.items()), preferences.language)
        self.theme = Segmented([(key, _(text)) for key, text in THEMES.items()], preferences.theme)
        self.zoom = Segmented([(zoom, f"{zoom}%") for zoom in ZOOMS], preferences.zoom)
        self.language.chosen.connect(preferences.set_language)
        self.theme.chosen.connect(preferences.set_theme)
        self.zoom.chosen.connect(preferences.set_zoom)
        rows.add(_("Language"), row_of(self.language))
        rows.add(_("Theme"), row_of(self.theme))
        rows.add(_("Size of text"), row_of(self.zoom))
        return card

    def _user(self) -> Card:
        card = Card(_("You"), note=_("Kept with your data"))
        rows = Rows(card)
        self.name = Field(_("Your name"))
        self.name.setFixedWidth(px(280))
        self.name.editingFinished.connect(self._save_name)
        rows.add(
            _("Your name"), row_of(self.name), _("Stands on printed plans; new accounts are yours under this name.")
        )
        rule = BY_KEY["today.ends_within"]
        self.ends_within = NumberField(rule)
        self.ends_within.editingFinished.connect(self._save_days)
        self.wrong = WrongLabel()
        days = QVBoxLayout()
        days.setSpacing(px(4))
        days.addLayout(row_of(self.ends_within, unit_label(rule.unit)))
        days.addWidget(self.wrong)
        rows.add(_(rule.label), days, _("On the Today page."))
        return card

    def settings_came(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        if not self.name.hasFocus() or not self.name.isModified():
            self.name.setText(str(settings["user.name"]))
        if not self.wrong.text():
            self.ends_within.setText(str(settings["today.ends_within"]))

    def _preferred(self) -> None:
        preferences = self.context.preferences
        self.language.choose(preferences.language)
        self.theme.choose(preferences.theme)
        self.zoom.choose(preferences.zoom)

    def _save_name(self) -> None:
        self._save("user.name", self.name.text().strip())

    def _save_days(self) -> None:
        self._refuse(())
        self._save("today.ends_within", value_of(self.ends_within.rule, self.ends_within.text().strip()))

    def _refuse(self, problems: Iterable[Problem]) -> None:
        sentence = next((problem.message for problem in problems), "")
        self.wrong.say(sentence)
        self.ends_within.set_wrong(bool(sentence))

    def _save(self, key: str, value: Any) -> None:
        if self._settings and self._settings[key] != value:
            self.change({key: value}, self._refuse)
