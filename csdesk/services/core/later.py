"""Lists that are made when somebody looks at them: of ten thousand rows mostly the number is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar, overload

T = TypeVar("T")


class Later(Sequence[T]):
    """What ``make`` gives, asked once, when the first item is looked at; what it needs is kept until then."""

    def __init__(self, make: Callable[[], Iterable[T]]) -> None:
        self._make: Callable[[], Iterable[T]] | None = make
        self._made: tuple[T, ...] = ()

    def now(self) -> tuple[T, ...]:
        """The items, made where they are not yet."""
        make = self._make
        if make is not None:  # two threads may look at once: both find the same
            self._made = tuple(make())
            self._make = None
        return self._made

    def __iter__(self) -> Iterator[T]:
        return iter(self.now())

    def __len__(self) -> int:
        return len(self.now())

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        return self.now()[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.now() == tuple(other)

    def __hash__(self) -> int:
        return hash(self.now())

    def __repr__(self) -> str:
        return repr(self.now())
