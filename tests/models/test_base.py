"""Ids, money and moments as they are stored."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.base import from_cents, new_id, new_ids, to_cents


def test_ids_ascend_and_fit_into_63_bits() -> None:
    ids = [new_id(), *new_ids(1000), new_id()]
    assert ids == sorted(set(ids))
    assert ids[-1] < 2**63


@given(st.integers(-(10**15), 10**15))
def test_cents_come_back_as_they_went(cents: int) -> None:
    assert to_cents(from_cents(cents)) == cents


def test_a_fraction_of_a_cent_is_refused() -> None:
    with pytest.raises(ValueError, match="cents"):
        to_cents(Decimal("0.001"))
