"""How large a question may be. What is larger is refused with the limit's name and value, before any store sees it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from demotic.errors import InvalidInput, LimitExceeded


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """Limits of one request's question; each is the most that is allowed, ``None`` (where it may be) for no limit.

    ``expression_nodes`` counts the nodes of all expressions together, ``expression_depth`` their nesting (lambda
    expressions included). ``expand_depth`` and ``expand_items`` bound ``$expand`` with all its nested options,
    ``in_items`` the list of one ``in``, ``path_segments`` the resource path and any path within an expression, ``top``
    the value of ``$top``.
    """

    expression_nodes: int = 2000
    expression_depth: int = 60
    expand_depth: int = 6
    expand_items: int = 60
    select_items: int = 500
    orderby_items: int = 30
    compute_items: int = 100
    in_items: int = 2000
    path_segments: int = 30
    top: int | None = None

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if value is None and item.name == "top":
                continue
            if not isinstance(value, int) or value < 0:
                raise InvalidInput(f"the limit {item.name} is {value!r}", hint="give a whole number, 0 or more")

    def check(self, name: str, size: int, *, target: str | None = None) -> None:
        """Raise `LimitExceeded` if ``size`` is beyond the limit called ``name``."""
        limit = getattr(self, name)
        if limit is not None and size > limit:
            what = name.replace("_", " ")
            raise LimitExceeded(f"{size} {what} are more than the limit of {limit}", target=target)
