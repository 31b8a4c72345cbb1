"""Where this page calls what stands in modules of its own: the sheet for product, the lists of tickets."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context
    from csdesk.ui.core.list_page import ListPage

PRODUCT, LISTING, TELLING = (f"csdesk.ui.tickets.{name}" for name in ("product", "listing", "telling"))


def has_product() -> bool:
    """Whether sheets for product can be written and taken back."""
    return find_spec(PRODUCT) is not None


def has_lists() -> bool:
    """Whether tickets and bugs have their lists."""
    return find_spec(LISTING) is not None


def has_telling() -> bool:
    """Whether there is a queue of what customers are to be told."""
    return find_spec(TELLING) is not None


def export_for_product(context: Context, ids: tuple[int, ...]) -> None:
    """Write the sheet of these demands."""
    import_module(PRODUCT).export_for_product(context, ids)


def take_back(context: Context) -> None:
    """Ask for the sheet that product filled in."""
    import_module(PRODUCT).take_back(context)


def ticket_list(context: Context, segment: str) -> ListPage | None:
    """The list that stands in a segment, None where there is none."""
    made: ListPage | None = import_module(LISTING).ticket_list(context, segment) if has_lists() else None
    return made
