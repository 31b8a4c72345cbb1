"""Makes csdesk.png, csdesk.ico and csdesk.icns from csdesk.svg: python resources/icons/make_app_icon.py."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
ICO_SIZES = (16, 20, 24, 32, 48, 64, 128, 256)
ICNS_KINDS = {b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}


def picture(side: int) -> bytes:
    """The icon as a PNG, ``side`` pixels wide."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(HERE / "csdesk.svg")).render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def ico() -> bytes:
    """Windows' container: a table of sizes and places, then the PNGs."""
    pictures = [picture(side) for side in ICO_SIZES]
    head, place = struct.pack("<HHH", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for side, data in zip(ICO_SIZES, pictures, strict=True):
        head += struct.pack("<BBBBHHII", side % 256, side % 256, 0, 0, 1, 32, len(data), place)
        place += len(data)
    return head + b"".join(pictures)


def icns() -> bytes:
    """The container of macOS: a kind and a length before each PNG."""
    body = b"".join(
        kind + struct.pack(">I", 8 + len(data)) + data for kind, side in ICNS_KINDS.items() for data in [picture(side)]
    )
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication([])
    (HERE / "csdesk.png").write_bytes(picture(256))
    (HERE / "csdesk.ico").write_bytes(ico())
    (HERE / "csdesk.icns").write_bytes(icns())
