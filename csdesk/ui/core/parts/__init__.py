"""The small pieces that every screen is put together from; one look, one name each. Import them from here.

The modules behind the names are loaded when a name is first used: the frame is painted with a few of them alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from csdesk.ui.core.parts.buttons import Button, Chip, RemovableChip
    from csdesk.ui.core.parts.cards import Card, EmptyState, MessageBar, PageHead, Surface
    from csdesk.ui.core.parts.choices import Segmented, Tabs
    from csdesk.ui.core.parts.fields import CheckBox, Combo, DayEdit, Field, NumberEdit, RadioButton
    from csdesk.ui.core.parts.marks import (
        Bar,
        CapacityBar,
        Divider,
        Icon,
        KeyCap,
        KeyHints,
        Label,
        StateBadge,
        TierBadge,
        WrongLabel,
        set_tip,
    )

__all__ = [
    "Bar",
    "Button",
    "CapacityBar",
    "Card",
    "CheckBox",
    "Chip",
    "Combo",
    "DayEdit",
    "Divider",
    "EmptyState",
    "Field",
    "Icon",
    "KeyCap",
    "KeyHints",
    "Label",
    "MessageBar",
    "NumberEdit",
    "PageHead",
    "RadioButton",
    "RemovableChip",
    "Segmented",
    "StateBadge",
    "Surface",
    "Tabs",
    "TierBadge",
    "WrongLabel",
    "set_tip",
]

_HOMES = {
    "buttons": ("Button", "Chip", "RemovableChip"),
    "cards": ("Card", "EmptyState", "MessageBar", "PageHead", "Surface"),
    "choices": ("Segmented", "Tabs"),
    "fields": ("CheckBox", "Combo", "DayEdit", "Field", "NumberEdit", "RadioButton"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    home = next((module for module, names in _HOMES.items() if name in names), "marks")
    found = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found
