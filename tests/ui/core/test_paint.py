"""Painters for delegates: nothing lost, nothing invented."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from csdesk.ui.core import paint, theme

SPANS = st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30)), max_size=5)


@given(text=st.text(max_size=20), spans=SPANS)
def test_pieces_put_together_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    found = paint.pieces(text, spans)
    assert "".join(piece for piece, _matched in found) == text
    assert all(found[index][1] != found[index + 1][1] for index in range(len(found) - 1))


def test_matched_pieces() -> None:
    assert paint.pieces("abcd", [(1, 3)]) == [("a", False), ("bc", True), ("d", False)]


def painted(draw: object, *args: object) -> tuple[int, QPixmap]:
    """What a painter took and drew on white."""
    picture = QPixmap(200, 40)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    took = draw(painter, QRect(0, 0, 200, 40), *args)  # type: ignore[operator]
    painter.end()
    return took, picture


def test_unknown_tiers_take_no_room(qapp: object) -> None:
    assert painted(paint.paint_tier, "D")[0] == 0
    assert painted(paint.paint_tier, "A")[0] == paint.badge_height()


def test_a_selected_badge_has_a_border_in_its_own_ink(qapp: object) -> None:
    _took, plain = painted(paint.paint_tier, "A", False)
    _took, marked = painted(paint.paint_tier, "A", True)
    middle = 20
    assert plain.toImage().pixelColor(0, middle).name() == theme.color("a_bg").name()
    assert marked.toImage().pixelColor(0, middle).name() == theme.color("a").name()


def test_a_badge_is_as_wide_as_it_says_and_never_wider_than_its_room(qapp: object) -> None:
    assert painted(paint.paint_badge, "Draft", "line")[0] == paint.badge_width("Draft", "line")
    assert painted(paint.paint_badge, "Draft " * 60, "line")[0] == 200


def test_the_three_states_of_a_tick_differ(qapp: object) -> None:
    pictures = [painted(paint.paint_check, state)[1].toImage() for state in Qt.CheckState]
    assert pictures[0] != pictures[1]
    assert pictures[1] != pictures[2]


def test_a_bar_beyond_its_whole_is_full_and_a_negative_one_empty(qapp: object) -> None:
    def full(fraction: float) -> QPixmap:
        return painted(paint.paint_bar, fraction)[1]

    assert full(7.0).toImage() == full(1.0).toImage()
    assert full(-1.0).toImage() == full(0.0).toImage()
    assert full(0.5).toImage() != full(1.0).toImage()


def test_text_that_fits_to_the_pixel_stays_whole(qapp: object) -> None:
    measure = theme.metrics("body")
    for text in ("Accounts", "Renewal in 150 days", "11-25"):
        assert paint.fit(text, measure, measure.horizontalAdvance(text)) == text
        assert paint.fit(text, measure, measure.horizontalAdvance(text) - 8) != text


def test_places_beyond_a_days_capacity_are_red(qapp: object) -> None:
    image = painted(paint.paint_capacity, 4, 3)[1].toImage()
    assert image.pixelColor(190, 20).name() == theme.color("ink_red").name()
    assert image.pixelColor(10, 20).name() == theme.color("ink_blue").name()
