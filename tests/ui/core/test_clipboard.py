"""Nothing that is copied becomes a formula or another cell."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from csdesk.ui.core.clipboard import FORMULA_STARTS, NUMBER, harmless, html_table, tab_separated

TEXTS = st.text(st.characters(exclude_characters="\r\x00", exclude_categories=("Cs",)), max_size=20)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_cells_come_back_as_they_were(rows: list[tuple[str, str]]) -> None:
    text = tab_separated(rows)
    back = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
    assert [[harmless(cell) for cell in row] for row in rows] == back


@given(TEXTS)
def test_what_begins_like_a_formula_is_disarmed(text: str) -> None:
    safe = harmless(text)
    assert not safe.startswith(FORMULA_STARTS) or NUMBER.fullmatch(safe)
    assert safe.endswith(text)


def test_negative_numbers_stay_numbers() -> None:
    assert harmless("-12.50") == "-12.50"
    assert html_table([["-12.50", "=x"]], [True, False]).count("mso-number-format") == 1
