"""The small pieces that every screen is put together from; one look, one name each. Import them from here."""

from csdesk.ui.core.parts.buttons import Button, Chip, RemovableChip
from csdesk.ui.core.parts.cards import Card, Divider, EmptyState, MessageBar, PageHead, Surface
from csdesk.ui.core.parts.choices import Segmented, Tabs
from csdesk.ui.core.parts.fields import CheckBox, Combo, Field, RadioButton
from csdesk.ui.core.parts.marks import Bar, CapacityBar, Icon, KeyCap, KeyHints, Label, StateBadge, TierBadge, set_tip

__all__ = [
    "Bar",
    "Button",
    "CapacityBar",
    "Card",
    "CheckBox",
    "Chip",
    "Combo",
    "Divider",
    "EmptyState",
    "Field",
    "Icon",
    "KeyCap",
    "KeyHints",
    "Label",
    "MessageBar",
    "PageHead",
    "RadioButton",
    "RemovableChip",
    "Segmented",
    "StateBadge",
    "Surface",
    "Tabs",
    "TierBadge",
    "set_tip",
]
