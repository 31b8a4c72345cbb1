"""What the user chose for the window itself: language, theme, size of text. Kept in the state file, applied at once."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QObject, Signal

from csdesk.ui.core.state import State
from csdesk.ui.core.theme import MODES, ZOOMS, theme

LANGUAGES = ("zh_CN", "en")


class Preferences(QObject):
    """The choices; ``language_changed`` makes the window be built anew in place."""

    language_changed = Signal(str)
    changed = Signal()

    def __init__(self, state: State, language: str | None = None, parent: QObject | None = None) -> None:
        """``language`` from the command line wins for this run and is not kept."""
        super().__init__(parent)
        self._state = state
        self._language = language if language in LANGUAGES else None

    @property
    def language(self) -> str:
        """ "zh_CN" or "en": chosen, else the system's, else Chinese."""
        chosen = self._language or self._state.get("language")
        if chosen in LANGUAGES:
            return str(chosen)
        return "en" if QLocale.system().language() == QLocale.Language.English else "zh_CN"

    def set_language(self, language: str) -> None:
        """Change the language of everything, now."""
        if language not in LANGUAGES or language == self.language:
            return
        self._language = None
        self._state.set("language", language)
        self.language_changed.emit(language)
        self.changed.emit()

    @property
    def theme(self) -> str:
        """ "system", "light" or "dark"."""
        kept = self._state.get("theme", "system")
        return kept if kept in MODES else "system"

    def set_theme(self, mode: str) -> None:
        """Change the theme, now."""
        self._state.set("theme", mode if mode in MODES else "system")
        theme().set(mode=self.theme)
        self.changed.emit()

    @property
    def zoom(self) -> int:
        """Size of text in percent, 90 to 150."""
        kept = self._state.get("zoom", 100)
        return kept if isinstance(kept, int) and ZOOMS[0] <= kept <= ZOOMS[-1] else 100

    def set_zoom(self, percent: int) -> None:
        """Change the size of text, now."""
        self._state.set("zoom", min(ZOOMS[-1], max(ZOOMS[0], percent)))
        theme().set(zoom=self.zoom)
        self.changed.emit()

    def zoom_by(self, steps: int) -> None:
        """One step larger or smaller."""
        nearest = min(range(len(ZOOMS)), key=lambda index: abs(ZOOMS[index] - self.zoom))
        self.set_zoom(ZOOMS[min(len(ZOOMS) - 1, max(0, nearest + steps))])
