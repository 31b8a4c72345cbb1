"""Lists that are made when somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterator

from csdesk.services.core.later import Later


def _counting(asked: list[int]) -> Iterator[str]:
    asked.append(1)
    yield from ("a", "b", "c")


def test_nothing_is_made_before_somebody_looks_and_then_only_once() -> None:
    asked: list[int] = []
    later = Later(lambda: _counting(asked))
    assert not asked
    assert len(later) == 3
    assert list(later) == ["a", "b", "c"]
    assert later[1] == "b"
    assert later[1:] == ("b", "c")
    assert asked == [1]


def test_it_is_the_same_as_the_list_that_it_stands_for() -> None:
    later = Later(lambda: _counting([]))
    assert later == ("a", "b", "c")
    assert later != ("a", "b")
    assert repr(later) == "('a', 'b', 'c')"
    assert hash(later) == hash(("a", "b", "c"))
