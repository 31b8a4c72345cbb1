"""Messages survive the way from the reading process to the desk."""

from __future__ import annotations

import datetime
import io

import hypothesis.strategies as st
import pytest
from hypothesis import given

from csdesk.services.files.frames import clean, pack, read_frame

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1)
    .map(lambda text: text.replace("_x00", ""))
    .filter(bool),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@given(st.lists(st.lists(CELLS)))
def test_every_cell_comes_through_as_it_was(rows):
    stream = io.BytesIO(pack({"rows": rows}) + pack({"done": True}))
    sent = read_frame(stream)["rows"]
    assert sent == [[clean(cell) or None if isinstance(cell, str) else cell for cell in row] for row in rows]
    assert read_frame(stream) == {"done": True}
    assert read_frame(stream) is None


@given(st.text())
def test_clean_texts_have_no_control_characters_and_stay_clean(text):
    once = clean(text)
    assert not any(character < " " and character not in "\t\n" for character in once)
    assert pack({"t2": [once]})


def test_texts_are_cleaned_on_the_way():
    stream = io.BytesIO(pack({"rows": [["a\x00\r\nb", "\ud800", "_x000D_c"]]}))
    assert read_frame(stream) == {"rows": [["a\nb", None, "\nc"]]}


def messages(data: bytes) -> list[object] | ValueError:
    """All messages in some bytes, or the error that stops them."""
    stream, found = io.BytesIO(data), []
    try:
        while (message := read_frame(stream)) is not None:
            found.append(message)
    except ValueError as error:
        return error
    return found


@given(st.binary(max_size=60))
def test_any_bytes_are_messages_or_a_value_error(data):
    assert isinstance(messages(data), (list, ValueError))
    assert isinstance(messages(len(data).to_bytes(4, "big") + data), (list, ValueError))


def test_dates_that_are_none_are_refused():
    body = b'{"d":"2026-13-99"}'
    with pytest.raises(ValueError):
        read_frame(io.BytesIO(len(body).to_bytes(4, "big") + body))
    assert read_frame(io.BytesIO(pack({"x": datetime.date(2026, 1, 2)}))) == {"x": datetime.date(2026, 1, 2)}
