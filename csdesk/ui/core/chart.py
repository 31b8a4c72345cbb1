"""The one door to matplotlib: charts as pictures for the screen, as PNG, SVG and PDF files. Import it where one is drawn.

Figures are objects of their own, never pyplot's; they may be painted on any thread, one at a time.
"""

from __future__ import annotations

import contextlib
import io
import os
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage

from csdesk.resources import resource
from csdesk.services.core.folders import cache_place
from csdesk.ui.core.fonts import BUNDLED
from csdesk.ui.core.tokens import LIGHT, Tokens


def _settle_in() -> None:
    """Before matplotlib is loaded: its notes about fonts go to our cache, not into the user's home."""
    with contextlib.suppress(OSError):
        place = cache_place() / "charts"
        place.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("MPLCONFIGDIR", str(place))


_settle_in()
import matplotlib as mpl  # noqa: E402
from matplotlib import font_manager  # noqa: E402
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

POINTS_PER_INCH = 72
"""At this resolution a point of matplotlib's is a logical pixel of ours."""
FORMATS = ("png", "svg", "pdf")
FILE_RATIO = 3
HEADING, EDGE = 54, 16
"""The height of title and note above a chart that leaves the program, and what is free at their left."""
PAPER_SCALE = 1.5
"""Pixels of a drawing to a point of paper: its 12-pixel words are 8 points high there."""
LETTER, LATIN, LOWER = 0.98, 0.56, 0.52
"""The width of a Chinese character and of a Latin letter against their height."""
_painting = threading.Lock()


def _dress() -> None:
    for file in sorted(resource("fonts").glob("*.[ot]tf")):
        font_manager.fontManager.addfont(str(file))
    mpl.rcParams.update(
        {
            "font.family": [BUNDLED],
            "text.parse_math": False,  # a customer's name may hold dollar signs
            "pdf.fonttype": 42,
            "svg.fonttype": "none",
            "svg.hashsalt": "csdesk",
            "path.simplify": True,
        }
    )
    warnings.filterwarnings("ignore", message="Glyph .* missing from font")


_dress()


@dataclass(frozen=True)
class Ink:
    """What a drawing is drawn with: colours by token, the size of body text in pixels."""

    colors: dict[str, str]
    body: float = 13

    def __getitem__(self, token: str) -> str:
        return self.colors[token]

    @property
    def caption(self) -> float:
        """The size of the words in a chart."""
        return max(12.0, round(self.body * 0.92))


def ink_of(tokens: Tokens = LIGHT, body: float = 13) -> Ink:
    """The ink of a colour set; files are always drawn in light."""
    return Ink(asdict(tokens), body)


PAPER = {
    "muted": "#444444", "surface": "#ffffff", "sunken": "#e6e6e6", "grid": "#d0d0d0", "divider": "#999999",
    "control": "#555555", "on_accent": "#ffffff", "ink_grey": "#777777", "a": "#111111", "b": "#777777", "c": "#bbbbbb",
    "a_bg": "#ffffff", "b_bg": "#f0f0f0", "c_bg": "#ffffff",
    **{f"heat_{step}": grey for step, grey in enumerate(("#f4f4f4", "#e2e2e2", "#cccccc", "#b4b4b4", "#666666", "#333333"), 1)},
}  # fmt: skip
"""What is not black on paper."""


def paper_ink() -> Ink:
    """The ink of paper: black, white and greys; what a colour tells is told by shape, hatching and words as well."""
    return Ink({token: PAPER.get(token, "#000000") for token in asdict(LIGHT)})


@dataclass(frozen=True)
class Spot:
    """A piece of a chart that leads somewhere: its place in fractions of the picture from its upper left, what opening
    it gives back, and what it says."""

    left: float
    top: float
    right: float
    bottom: float
    key: Any
    told: str


@dataclass(frozen=True)
class Drawn:
    """A chart as a picture, with its spots from left to right."""

    image: QImage
    spots: tuple[Spot, ...]


Drawing = Callable[[Figure, Ink], Sequence[Spot]]
"""Draws on an empty figure whose units are logical pixels, and says what can be pointed at."""


def paint(drawing: Drawing, width: int, height: int, ink: Ink, ratio: float = 1) -> Drawn:
    """The picture in logical pixels ``width`` × ``height`` for a screen of this ratio. May take a tenth of a second."""
    with _painting:
        figure, spots = _figure(drawing, width, height, ink, POINTS_PER_INCH * ratio)
        canvas: Any = FigureCanvasAgg(figure)
        canvas.draw()
        across, down = canvas.get_width_height(physical=True)
        buffer = bytes(canvas.buffer_rgba())
    image = QImage(buffer, across, down, across * 4, QImage.Format.Format_RGBA8888).copy()
    image.setDevicePixelRatio(ratio)
    return Drawn(image, tuple(spots))


def headed(drawing: Drawing, title: str, note: str) -> Drawing:
    """The same beneath its title and its note, for a picture that leaves the page on which they stand beside it."""

    def draw(figure: Figure, ink: Ink) -> Sequence[Spot]:
        wide, high = figure.get_size_inches()
        left, below = high * POINTS_PER_INCH, max(high * POINTS_PER_INCH - HEADING, 1.0)
        figure.set_size_inches(wide, below / POINTS_PER_INCH)
        drawing(figure, ink)
        boxes = [(axes, axes.get_position(original=True)) for axes in figure.axes]
        figure.set_size_inches(wide, high)
        share = below / left
        for axes, box in boxes:
            axes.set_position((box.x0, box.y0 * share, box.width, box.height * share))
        edge = EDGE / (wide * POINTS_PER_INCH)
        figure.text(
            edge, 1 - 10 / left, title, color=ink["text"], fontsize=ink.body * 1.15, fontweight="bold", va="top"
        )
        room = wide * POINTS_PER_INCH - 2 * EDGE
        words = fitting(note, room, ink) if note else ""
        figure.text(edge, 1 - 32 / left, words, color=ink["muted"], fontsize=ink.caption, va="top")
        return ()

    return draw


def file_bytes(drawing: Drawing, kind: str, width: int = 960, height: int = 540, title: str = "") -> bytes:
    """The chart as the bytes of a file: "png", "svg" or "pdf", on white, with text that stays text where it can."""
    store = io.BytesIO()
    with _painting:
        figure, _spots = _figure(drawing, width, height, ink_of(), POINTS_PER_INCH)
        about: dict[str, Any] = {"Title": title}
        if kind == "pdf":
            about |= {"Creator": "CSDesk", "CreationDate": None}
        elif kind == "svg":
            about |= {"Creator": "CSDesk", "Date": None}
        dpi = POINTS_PER_INCH * (FILE_RATIO if kind == "png" else 1)
        figure.savefig(store, format=kind, dpi=dpi, metadata=about)
    return store.getvalue()


def paper_bytes(drawing: Drawing, width: float, height: float) -> bytes:
    """The chart as a PNG for a place on paper, in points, whose words are as large as a caption there."""
    store = io.BytesIO()
    with _painting:
        figure, _spots = _figure(
            drawing, round(width * PAPER_SCALE), round(height * PAPER_SCALE), paper_ink(), POINTS_PER_INCH
        )
        figure.savefig(store, format="png", dpi=POINTS_PER_INCH * FILE_RATIO, metadata={"Software": None})
    return store.getvalue()


def save(drawing: Drawing, path: Path, title: str = "") -> None:
    """Write the chart in the format that the name ends in, whole or not at all. Raises StorageError."""
    from csdesk.ui.core.printing import write_whole

    kind = path.suffix.lower().lstrip(".")
    write_whole(path, file_bytes(drawing, kind if kind in FORMATS else "png", title=title))


def _figure(drawing: Drawing, width: int, height: int, ink: Ink, dpi: float) -> tuple[Figure, Sequence[Spot]]:
    figure = Figure(figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH), dpi=dpi, facecolor=ink["surface"])
    FigureCanvasAgg(figure)
    return figure, drawing(figure, ink)


def bare(axes: Any, ink: Ink) -> None:
    """Give axes the look of every chart: no box, a quiet grid from left to right, muted figures."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(ink["divider"])
    axes.tick_params(length=0, colors=ink["muted"], labelsize=ink.caption, pad=4)
    axes.set_facecolor("none")
    axes.set_axisbelow(True)


def words_width(words: str, ink: Ink) -> float:
    """About how wide these words are in the size of a chart, in logical pixels."""
    return sum(_width_of(letter) * ink.caption for letter in words)


def _width_of(letter: str) -> float:
    if ord(letter) > 0x2E7F:
        return LETTER
    return LOWER if letter.islower() or letter == " " else LATIN


def fitting(words: str, room: float, ink: Ink) -> str:
    """The words, cut where they would not fit."""
    if words_width(words, ink) <= room:
        return words
    while words and words_width(words + "…", ink) > room:
        words = words[:-1]
    return words.rstrip() + "…"


def box_in(figure: Any, left: float, right: float, top: float, bottom: float) -> Any:
    """Axes that leave so many logical pixels free at each side of the figure."""
    wide, high = figure.get_size_inches() * POINTS_PER_INCH
    return figure.add_axes(
        (left / wide, bottom / high, max(1.0, wide - left - right) / wide, max(1.0, high - top - bottom) / high)
    )


def spot(axes: Any, left: float, right: float, bottom: float, top: float, key: Any, told: str) -> Spot:
    """A spot over a rectangle in the axes' own units."""
    figure = axes.figure
    x0, y0 = axes.transData.transform((left, bottom))
    x1, y1 = axes.transData.transform((right, top))
    across, down = figure.bbox.width, figure.bbox.height
    return Spot(x0 / across, 1 - y1 / down, x1 / across, 1 - y0 / down, key, told)
