"""What is shown to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from demotic.learning.qti.model import View

__all__ = ["Options"]


def _as_it_is(address: str) -> str:
    return address


@dataclass(frozen=True, slots=True)
class Options:
    """How an item is rendered.

    `view` is who looks: rubrics for others are left out. `enabled` says whether the controls take answers; `solution`
    shows the correct responses in place of the candidate's, `feedback` what the outcomes make visible. `locate` turns
    the addresses of images and media into those that the page can load, `prefix` stands before all ids and names of
    controls, so that several items fit on one page. Of the classes that authors give, those of the shared vocabulary
    (`qti-…`) are in the page; others only with `own_classes`, since nothing but a stylesheet of theirs makes them
    visible, and they may tell what is right.
    """

    view: View = View.CANDIDATE
    enabled: bool = True
    solution: bool = False
    feedback: bool = True
    locate: Callable[[str], str] = _as_it_is
    prefix: str = ""
    own_classes: bool = False
