"""Light, dark, the user's zoom: one theme that everything asks for colours, fonts and lengths.

Parts ask while they paint, so a change needs no rebuilding. ``apply`` sets Fusion, the palette, the font and the one
style sheet generated from resources/styles/desk.qss; ``Theme.changed`` tells whoever keeps pictures.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from csdesk.resources import resource
from csdesk.ui.core import fonts
from csdesk.ui.core.tokens import DARK, LIGHT, Tokens

MODES = ("system", "light", "dark")
ZOOMS = (90, 100, 110, 125, 150)
SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}
"""What the platform is told, for its title bars and dialogs; "system" takes the choice back."""


class Theme(QObject):
    """The theme in force. One per process; get it with ``theme()``."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = "system"
        self.zoom = 100
        self.tokens: Tokens = LIGHT
        self.serial = 0
        self.body = fonts.SMALLEST_BODY
        self._families: list[str] = []
        self._colors: dict[str, QColor] = {}
        self._fonts: dict[tuple[str, bool], QFont] = {}
        self._metrics: dict[tuple[str, bool], QFontMetrics] = {}
        self._listening = False
        self._in_force: tuple[str, Tokens, int, object] | None = None

    @property
    def is_dark(self) -> bool:
        """Whether the dark set is shown."""
        return self.tokens is DARK

    def set(self, mode: str | None = None, zoom: int | None = None) -> None:
        """Choose "system", "light" or "dark", and the zoom in percent (90 to 150); what is None stays.

        Where all is as it was, nothing is dressed anew and nobody is told.
        """
        self.mode = mode if mode in MODES else self.mode
        self.zoom = min(150, max(90, zoom)) if zoom is not None else self.zoom
        self._listen()
        QGuiApplication.styleHints().setColorScheme(SCHEMES[self.mode])
        self.tokens = self._choose()
        self.body = round(fonts.system_pixels() * self.zoom / 100)
        wanted = (self.mode, self.tokens, self.body, QApplication.instance())
        if wanted == self._in_force:
            return
        self._in_force = wanted
        if not self._families:
            self._families = fonts.screen_families()
        self.serial += 1
        self._colors.clear()
        self._fonts.clear()
        self._metrics.clear()
        self._dress()
        self.changed.emit()

    def color(self, name: str) -> QColor:
        """The colour of a token."""
        found = self._colors.get(name)
        if found is None:
            found = self._colors[name] = QColor(getattr(self.tokens, name))
        return found

    def font(self, role: str = "body", bold: bool = False) -> QFont:
        """The font of a role; do not change it, copy it."""
        found = self._fonts.get((role, bold))
        if found is None:
            found = fonts.make_font(self._families, fonts.pixels_of(role, self.body), bold)
            self._fonts[role, bold] = found
        return found

    def metrics(self, role: str = "body", bold: bool = False) -> QFontMetrics:
        """The metrics of that font, kept."""
        found = self._metrics.get((role, bold))
        if found is None:
            found = self._metrics[role, bold] = QFontMetrics(self.font(role, bold))
        return found

    def px(self, length: float) -> int:
        """A length of the drawings (made for a 13-px body) at the size in force."""
        return max(1, round(length * self.body / fonts.SMALLEST_BODY))

    def _choose(self) -> Tokens:
        if self.mode == "system":
            return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self.mode == "dark" else LIGHT

    def _listen(self) -> None:
        if not self._listening:
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)
            self._listening = True

    def _follow(self) -> None:
        if self.mode == "system" and self._choose() is not self.tokens:
            self.set()

    def _dress(self) -> None:
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        if not app.styleSheet():  # with one, Qt hides Fusion's name, and setting it again would polish every widget
            app.setStyle("Fusion")
        app.setPalette(make_palette(self.tokens))
        app.setFont(self.font())
        app.setStyleSheet(style_sheet(self))


def make_palette(tokens: Tokens) -> QPalette:
    """The palette that Fusion paints with."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for target, name in (
        (role.Window, tokens.window),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.window),
        (role.Text, tokens.text),
        (role.PlaceholderText, tokens.placeholder),
        (role.Button, tokens.surface),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.on_accent),
        (role.Highlight, tokens.selection),
        (role.HighlightedText, tokens.text),
        (role.Accent, tokens.accent),
        (role.Link, tokens.link),
        (role.LinkVisited, tokens.link),
        (role.ToolTipBase, tokens.toast),
        (role.ToolTipText, tokens.on_toast),
        (role.Light, tokens.surface),
        (role.Midlight, tokens.hover),
        (role.Mid, tokens.divider),
        (role.Dark, tokens.control),
        (role.Shadow, tokens.control),
    ):
        palette.setColor(target, QColor(name))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, target, QColor(tokens.placeholder))
    palette.setColor(group.Disabled, role.Button, QColor(tokens.sunken))
    palette.setColor(group.Disabled, role.Base, QColor(tokens.sunken))
    return palette


def style_sheet(current: Theme) -> str:
    """resources/styles/desk.qss with the tokens and lengths of the theme put in ($name, $px12)."""
    values: dict[str, str] = dict(asdict(current.tokens))
    values |= {
        f"px{number}": f"{current.px(number)}px" for number in (2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 26, 28, 30, 32, 36)
    }
    values |= {f"size_{role}": f"{current.font(role).pixelSize()}px" for role in fonts.FACTORS}
    return Template((resource("styles") / "desk.qss").read_text(encoding="utf-8")).substitute(values)


_current: list[Theme] = []


def theme() -> Theme:
    """The theme of this process."""
    if not _current:
        _current.append(Theme())
        _current[0].set()
    return _current[0]


def apply(app: QApplication, mode: str = "system", zoom: int = 100) -> None:
    """Dress the application; call it once before the first window and again when the user chooses."""
    if not _current:
        _current.append(Theme())
    _current[0].set(mode, zoom)


def color(name: str) -> QColor:
    """The colour of a token in the theme in force: ``color("muted")``."""
    return theme().color(name)


def font(role: str = "body", bold: bool = False) -> QFont:
    """The font of a role: caption, body, h3, h2, h1 or figure."""
    return theme().font(role, bold)


def metrics(role: str = "body", bold: bool = False) -> QFontMetrics:
    """The metrics of that font."""
    return theme().metrics(role, bold)


def px(length: float) -> int:
    """A length of the drawings in pixels of the screen, the user's zoom and text size included."""
    return theme().px(length)
