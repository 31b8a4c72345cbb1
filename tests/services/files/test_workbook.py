"""Addresses as spreadsheets write them."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from csdesk.services.files.workbook import Note, Sheet, Workbook, address, column_index, column_letters


@pytest.mark.parametrize(
    ("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (199, "GR"), (701, "ZZ"), (16383, "XFD")]
)
def test_letters(column, letters):
    assert column_letters(column) == letters
    assert column_index(letters) == column


@given(st.integers(0, 20_000))
def test_letters_and_back(column):
    assert column_index(column_letters(column)) == column


def test_address():
    assert address(36, 8) == "I37"


@pytest.mark.parametrize("wrong", ["", "A1", "é", "-"])
def test_what_is_no_column(wrong):
    with pytest.raises(ValueError):
        column_index(wrong)


def test_notes_of_the_file_come_first(tmp_path):
    first, second = Note("a", "A."), Note("b", "B.")
    book = Workbook(tmp_path, "xlsx", (Sheet("s", [], notes=(second,)),), (first,))
    assert list(book.all_notes()) == [first, second]
