"""Space put between elements so that people can read a document, and nowhere else.

Only where it means nothing: not in mixed content, not under `xml:space="preserve"`, not where a class declares text.
"""

from __future__ import annotations

from typing import Any

from demotic.xml.tree._context import preserves_space
from demotic.xml.tree._nodes import Branch, CData, Comment, ProcessingInstruction

__all__ = ["indent"]

_BLANKS = " \t\r\n"


def indent(node: Branch, unit: str = "  ", *, level: int = 0) -> None:
    """Put each child element on a line of its own, `unit` further in for each level, in place."""
    stack = [(node, level)]
    while stack:
        branch, depth = stack.pop()
        content = branch._content()
        if not content or not may_indent(branch, content):
            continue
        kept = [inner for inner in content if not isinstance(inner, str)]
        if not kept:
            continue
        spaced: list[Any] = []
        for inner in kept:
            spaced += ["\n" + unit * (depth + 1), inner]
        list.__setitem__(content, slice(None), [*spaced, "\n" + unit * depth])
        stack.extend((inner, depth + 1) for inner in kept if isinstance(inner, Branch))


def may_indent(node: Branch, content: Any) -> bool:
    """Tell whether space between the nodes of an element means nothing."""
    if preserves_space(node):
        return False
    binding: Any = getattr(node, "_binding", None)
    if binding is not None and binding.content.text:
        return False
    plain = (Branch, Comment, ProcessingInstruction)
    return all(
        isinstance(inner, plain) or (isinstance(inner, str) and not inner.strip(_BLANKS)) for inner in content
    ) and not any(isinstance(inner, CData) for inner in content)
