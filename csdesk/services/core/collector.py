"""Python's collector of cycles, silenced while very many rows are made: it would walk the same hundred thousand rows again and
again (a third of the whole time of an import, measured) and find nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silenced() -> Iterator[None]:
    """No collection inside; as before afterwards. What was made inside counts as old then, so that it is not all walked at once."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
