"""Line icons from resources/icons, coloured like the text beside them."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from csdesk.resources import resource
from csdesk.ui.core.theme import theme

_sources: dict[str, bytes] = {}
_pixmaps: dict[tuple[str, int, str, float, bool], QPixmap] = {}


def names() -> list[str]:
    """Every icon there is."""
    return sorted(file.stem for file in resource("icons").glob("*.svg"))


def pixmap(
    name: str, size: int = 16, color: QColor | str = "text", ratio: float = 1.0, filled: bool = False
) -> QPixmap:
    """The icon in a colour (a token's name or a QColor), ``size`` logical pixels wide, for a screen of that ratio.

    ``filled`` fills the shape too (a star that is set).
    """
    shade = color if isinstance(color, QColor) else theme().color(color)
    key = (name, size, shade.name(QColor.NameFormat.HexArgb), ratio, filled)
    found = _pixmaps.get(key)
    if found is None:
        found = _pixmaps[key] = _draw(name, size, shade, ratio, filled)
    return found


def icon(name: str, color: str = "text", size: int = 16) -> QIcon:
    """The icon for buttons and menus of Qt: normal, disabled and selected states, for ratios 1 to 3."""
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0, 3.0):
        made.addPixmap(pixmap(name, size, color, ratio), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, size, "placeholder", ratio), QIcon.Mode.Disabled)
        made.addPixmap(pixmap(name, size, color, ratio), QIcon.Mode.Selected)
    return made


def paint(
    painter: QPainter, name: str, x: float, y: float, size: int = 16, color: QColor | str = "text", filled: bool = False
) -> None:
    """Paint the icon with its upper left corner at x, y."""
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(round(x), round(y), pixmap(name, size, color, ratio, filled))


def _draw(name: str, size: int, shade: QColor, ratio: float, filled: bool) -> QPixmap:
    side = round(size * ratio)
    picture = QPixmap(QSize(side, side))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(_coloured(name, shade, filled))).render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def _coloured(name: str, shade: QColor, filled: bool) -> bytes:
    source = _sources.get(name)
    if source is None:
        source = _sources[name] = (resource("icons") / f"{name}.svg").read_bytes()
    code = shade.name().encode()
    drawn = source.replace(b"currentColor", code)
    return drawn.replace(b'fill="none"', b'fill="' + code + b'"', 1) if filled else drawn
