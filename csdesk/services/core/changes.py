"""What a unit of work changed: what screens compare with what they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Changes:
    """Ids by entity (table name). ``everything``: ask again for all, since another process wrote or a backup came back."""

    by_entity: Mapping[str, frozenset[int]] = field(default_factory=dict)
    everything: bool = False

    @property
    def entities(self) -> frozenset[str]:
        """The tables touched."""
        return frozenset(self.by_entity)

    def ids(self, entity: str) -> frozenset[int]:
        """The rows of one table that were touched."""
        return self.by_entity.get(entity, frozenset())

    def touches(self, entities: Iterable[str]) -> bool:
        """Whether a screen that shows these tables is stale."""
        return self.everything or not self.entities.isdisjoint(entities)

    def __bool__(self) -> bool:
        return self.everything or bool(self.by_entity)


EVERYTHING = Changes(everything=True)
