"""Small pieces of HTML text."""

from __future__ import annotations

from html import escape

__all__ = ["attributes", "escaped", "tag"]


def escaped(text: str) -> str:
    """Return a text as HTML shows it."""
    return escape(text, quote=False)


def attributes(values: dict[str, str | bool | None]) -> str:
    """Return attributes with a blank before each; None and False are left out, True stands alone."""
    parts = []
    for name, value in values.items():
        if value is True:
            parts.append(f" {name}")
        elif value is not None and value is not False:
            parts.append(f' {name}="{escape(value)}"')
    return "".join(parts)


def tag(name: str, content: str | None, /, **values: str | bool | None) -> str:
    """Return an element; `_` at the end of a name is dropped, within it is a hyphen. None as content makes it void."""
    named = {key.rstrip("_").replace("_", "-"): value for key, value in values.items()}
    start = f"<{name}{attributes(named)}>"
    return start if content is None else f"{start}{content}</{name}>"
