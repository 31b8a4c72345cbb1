"""A report laid out on pages, first pass: strips that are never split, gathered on pages that know how many they are."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from csdesk.services.core.report import Report
from csdesk.ui.core.paper_strips import Strip, column_heads, running_title, section_strips, title_strip
from csdesk.ui.core.paper_text import PT

MM = 72 / 25.4 * PT


@dataclass(frozen=True)
class Sheet:
    """A page's size and margins, in units; A4 with room for punching at the left."""

    width: float = 210 * MM
    height: float = 297 * MM
    left: float = 18 * MM
    right: float = 14 * MM
    top: float = 12 * MM
    bottom: float = 10 * MM

    @property
    def inner(self) -> float:
        """The width that is printed on."""
        return self.width - self.left - self.right

    @property
    def foot(self) -> float:
        """Where the footer begins."""
        return self.height - self.bottom - 15 * PT


@dataclass
class Page:
    """Strips with the y at which they stand."""

    placed: list[tuple[float, Strip]] = field(default_factory=list)


def lay_out(report: Report, sheet: Sheet) -> list[Page]:
    """The pages of a report; at least one."""
    steps = laying_out(report, sheet)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            pages: list[Page] = end.value
            return pages


def laying_out(report: Report, sheet: Sheet) -> Generator[None, None, list[Page]]:
    """The same in steps, a section each."""
    strips: list[Strip] = []
    for section in report.sections:
        strips += section_strips(section, report.columns, sheet.inner)
        yield
    head = [title_strip(report, sheet.inner), *column_heads(report.columns, sheet.inner, 4 * PT)]
    running = _Running(report, sheet)
    pages = [_page(head, sheet)]
    flow = [strip for strip in strips if not strip.bottom]
    foot = [strip for strip in strips if strip.bottom]
    for number, strip in enumerate(flow):
        y = _end(pages[-1], sheet)
        need, last = _together(flow, number)
        if last == len(flow) - 1 and strip.keep:
            need += _with_foot(foot, need, sheet)
        body = len(pages[-1].placed) > len(running.strips if len(pages) > 1 else head)
        if body and (strip.new_page or y + need > sheet.foot - 4 * PT):
            heads = strip.heads()
            pages.append(_page([*running.strips, *heads], sheet))
            y = _end(pages[-1], sheet)
            body = bool(heads)
        y += strip.gap if body else 0
        times = _times(strip, flow[number + 1 :], foot, y, sheet) if strip.fill else 1
        for step in range(times):
            pages[-1].placed.append((y + step * strip.fill, strip))
    _put_at_foot(foot, pages, running, sheet)
    return pages


class _Running:
    """The head of all pages but the first, made when a second page is needed."""

    def __init__(self, report: Report, sheet: Sheet) -> None:
        self._report, self._width = report, sheet.inner

    @cached_property
    def strips(self) -> list[Strip]:
        """Title and column heads."""
        return [running_title(self._report, self._width), *column_heads(self._report.columns, self._width, 4 * PT)]


def _page(head: Iterable[Strip], sheet: Sheet) -> Page:
    page = Page()
    y = sheet.top
    for strip in head:
        page.placed.append((y, strip))
        y += strip.height
    return page


def _end(page: Page, sheet: Sheet) -> float:
    y, strip = page.placed[-1]
    return y + strip.height


def _together(strips: Sequence[Strip], number: int) -> tuple[float, int]:
    """Height of this strip and those that it must stay with, and the place of the last of them."""
    height = strips[number].gap + strips[number].height
    while strips[number].keep and number + 1 < len(strips):
        number += 1
        height += strips[number].gap + strips[number].height
    return height, number


def _with_foot(foot: Sequence[Strip], need: float, sheet: Sheet) -> float:
    """What the foot adds to the end of the text, so that it is not left alone; nothing where no page holds both."""
    height = sum(strip.gap + strip.height for strip in foot) + 2 * PT if foot else 0
    return height if need + height < sheet.foot - sheet.top - 60 * PT else 0


def _times(strip: Strip, rest: Sequence[Strip], foot: Sequence[Strip], y: float, sheet: Sheet) -> int:
    left = sheet.foot - 8 * PT - y - sum(entry.gap + entry.height for entry in (*rest, *foot))
    return max(int(left // strip.fill), 1)


def _put_at_foot(foot: list[Strip], pages: list[Page], running: _Running, sheet: Sheet) -> None:
    height = sum(strip.gap + strip.height for strip in foot)
    if not foot:
        return
    y = _end(pages[-1], sheet)
    if y + height <= sheet.foot - 6 * PT:
        y = sheet.foot - 6 * PT - height
    for strip in foot:
        if y + strip.gap + strip.height > sheet.foot - 4 * PT:
            pages.append(_page([*running.strips, *strip.heads()], sheet))
            y = _end(pages[-1], sheet)
        y += strip.gap
        pages[-1].placed.append((y, strip))
        y += strip.height
