"""The type of CSDesk: the system's own Chinese face first, ours where there is none; every size a factor of one."""

from __future__ import annotations

import logging

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from csdesk.resources import resource

log = logging.getLogger(__name__)

FACTORS = {"caption": 0.92, "body": 1.0, "h3": 1.15, "h2": 1.35, "h1": 1.6, "figure": 2.0}
SMALLEST_BODY = 13
"""Chinese below 12 px cannot be read, and captions are 0.92 of the body."""

BUNDLED = "CSDesk Sans"
FACES = (
    "Microsoft YaHei UI",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
)


def bundled_family() -> str:
    """Load the font that comes with the program, if it is not yet loaded, and give its family name.

    Paper always uses it; the screen only where the system has no Chinese font. "" when its files are missing.
    """
    if QFontDatabase.hasFamily(BUNDLED):
        return BUNDLED
    families: list[str] = []
    for file in sorted(resource("fonts").glob("*.[ot]tf")):
        number = QFontDatabase.addApplicationFont(str(file))
        families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if not families:
        log.warning("no bundled font in %s", resource("fonts"))
    return families[0] if families else ""


def screen_families() -> list[str]:
    """The families for the screen, best first: never empty, and the first one can write Chinese where any can."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    chinese = QFontDatabase.WritingSystem.SimplifiedChinese
    if chinese in QFontDatabase.writingSystems(system):
        return [system]
    for face in FACES:
        if QFontDatabase.hasFamily(face):
            return [face, system]
    bundled = bundled_family()
    return [bundled, system] if bundled else [system]


def system_pixels() -> int:
    """The system's text size in logical pixels, at least what Chinese needs."""
    return max(SMALLEST_BODY, QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).pixelSize())


def make_font(families: list[str], pixels: int, bold: bool = False) -> QFont:
    """A font with tabular figures."""
    font = QFont()
    font.setFamilies(families)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    font.setFeature(QFont.Tag.fromString("tnum"), 1)
    return font


def pixels_of(role: str, body: int) -> int:
    """The size of a role ("caption" … "figure") for this body size: 12, 13, 15, 18, 21, 26 at 13."""
    return max(12, round(body * FACTORS[role]))
