"""Charts: painted in their size and colours, files in every kind, text that is never read as markup."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from csdesk.services.core.errors import StorageError
from csdesk.ui.core import chart
from csdesk.ui.core.chart import HEADING, Ink, Spot, bare, file_bytes, headed, ink_of, paint, save, spot
from csdesk.ui.core.tokens import DARK, LIGHT

NAME = "泽 $x_1$ <b>&"


def bars(figure: Any, ink: Ink) -> Sequence[Spot]:
    """Two bars over the whole of the picture, the first half as high as the second."""
    axes = figure.add_axes((0, 0, 1, 1))
    bare(axes, ink)
    axes.set_xlim(0, 2)
    axes.set_ylim(0, 2)
    axes.bar([0.5, 1.5], [1, 2], 1, color=ink["ink_blue"])
    axes.text(0.1, 1.5, NAME, color=ink["text"])
    return [spot(axes, 0, 1, 0, 1, "low", "Low"), spot(axes, 1, 2, 0, 2, "high", "High")]


@pytest.mark.parametrize("ratio", [1, 1.5, 2])
def test_a_picture_has_its_size_and_its_spots(ratio: float) -> None:
    drawn = paint(bars, 200, 100, ink_of(), ratio)
    assert (drawn.image.width(), drawn.image.height()) == (200 * ratio, 100 * ratio)
    assert drawn.image.devicePixelRatio() == ratio
    low, high = drawn.spots
    assert (low.left, low.right, low.top, low.bottom) == pytest.approx((0, 0.5, 0.5, 1))
    assert (high.left, high.right, high.top, high.bottom) == pytest.approx((0.5, 1, 0, 1))


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_colours_are_the_tokens(tokens: Any) -> None:
    image = paint(bars, 200, 100, ink_of(tokens)).image
    assert image.pixelColor(50, 75).name().upper() == tokens.ink_blue
    assert image.pixelColor(95, 10).name().upper() == tokens.surface


@pytest.mark.parametrize("kind", chart.FORMATS)
def test_a_file_is_the_same_twice(kind: str) -> None:
    assert file_bytes(bars, kind, title="T") == file_bytes(bars, kind, title="T")


def test_text_stays_text_in_a_drawing(tmp_path: Path) -> None:
    save(bars, tmp_path / "chart.svg", "Title")
    told = (tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert "泽 $x_1$ &lt;b&gt;&amp;</text>" in told
    assert "CSDesk Sans" in told


@pytest.mark.display
def test_text_stays_text_in_a_document(tmp_path: Path) -> None:
    save(bars, tmp_path / "chart.pdf", "Title")
    told = subprocess.run(
        ["pdftotext", str(tmp_path / "chart.pdf"), "-"], capture_output=True, check=True, encoding="utf-8"
    )
    assert NAME in told.stdout


def test_a_picture_that_leaves_has_its_title_above_the_whole_chart() -> None:
    plain = paint(bars, 200, 100, ink_of()).image
    image = paint(headed(bars, "Title", "in k CNY"), 200, 100 + HEADING, ink_of()).image
    assert (image.width(), image.height()) == (200, 100 + HEADING)
    beneath = image.copy(0, HEADING, 200, 100)
    assert all(beneath.pixelColor(x, y) == plain.pixelColor(x, y) for x in (50, 150) for y in range(2, 98))
    dark = [image.pixelColor(x, y).lightness() < 128 for x in range(200) for y in range(HEADING)]
    assert any(dark)
    words = file_bytes(headed(bars, NAME, "in k CNY"), "svg").decode()
    assert ">泽 $x_1$ &lt;b&gt;&amp;</text>" in words
    assert ">in k CNY</text>" in words


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        save(bars, tmp_path / "gone" / "chart.png")


def test_several_threads_paint_at_once() -> None:
    made: list[int] = []
    threads = [
        threading.Thread(target=lambda: made.append(len(paint(bars, 120, 80, ink_of()).spots))) for _turn in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [2, 2, 2, 2]


def test_pyplot_stays_away() -> None:
    import sys

    assert "matplotlib.pyplot" not in sys.modules
