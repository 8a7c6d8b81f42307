"""What a stranger finds in sanitised text: another parser reads it, and every rule is checked anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from justhtml import JustHTML

from demotic.xml import Element, parse
from demotic.xml.html import parse_fragment
from demotic.xml.html.safe import Policy, Sanitized, sanitize

URLS = {
    "action",
    "background",
    "cite",
    "data",
    "formaction",
    "href",
    "longdesc",
    "poster",
    "src",
    "usemap",
    "xlink:href",
}
IMAGE = re.compile("data:image/(png|gif|jpeg|webp|bmp|avif);base64,[A-Za-z0-9+/=]*", re.IGNORECASE)
NAMESPACES = {"html": "elements", "svg": "svg", "math": "mathml"}


def walk(node: Any) -> Iterator[Any]:
    """Yield all nodes of the other parser's tree below a node."""
    for child in node.children or ():
        yield child
        yield from walk(child)


def faults(text: str, policy: Policy, *, scripting: bool = False) -> list[str]:
    """Return what is in a text that the policy does not allow, as another parser reads it."""
    found = []
    for node in walk(JustHTML(text, sanitize=False, fragment=True, scripting_enabled=scripting).root):
        if node.name == "#text" or (node.name == "#comment" and policy.comments):
            continue
        if node.name.startswith(("#", "!")):
            found.append(node.name)
            continue
        allowed = getattr(policy, NAMESPACES[node.namespace])
        if node.name not in allowed:
            found.append(f"<{node.name}> of {node.namespace}")
        for name, value in (node.attrs or {}).items():
            found += faults_of_attribute(name, value or "", policy, {*policy.attributes, *allowed.get(node.name, ())})
    return found


def faults_of_attribute(name: str, value: str, policy: Policy, allowed: set[str]) -> Iterator[str]:
    """Yield what is wrong with one attribute."""
    plain = re.sub(r"[\0-\x20]", "", value).lower()
    if name == "style":
        if not policy.styles or re.search(r"[\\{}@<>:]\s*url|[\\{}@<>]|url\(|expression|/\*", value, re.IGNORECASE):
            yield f"style={value}"
    elif name == "rel" and policy.link_rel:
        return
    elif name.startswith("on") or (name not in allowed and not name.startswith(policy.families or "\0")):
        yield f"{name}={value}"
    elif name in URLS and not IMAGE.fullmatch(plain):
        scheme = re.match("[^/?#]*?:", plain)
        if scheme and scheme[0] not in ("http:", "https:", "mailto:"):
            yield f"{name}={value}"
        if plain.startswith("data:"):
            yield f"{name}={value}"
    elif name == "srcset" and re.search("script:|data:", plain):
        yield f"{name}={value}"


def judge(result: Sanitized, policy: Policy) -> str:
    """Assert that a result holds nothing but what the policy allows, and does not change any more; return its text."""
    text = result.html
    assert faults(text, policy) == []
    assert faults(text, policy, scripting=True) == []
    again = sanitize(text, policy)
    assert (again.html, again.removed) == (text, ())
    assert parse_fragment(text).root.children == again.root.children
    assert parse(result.xhtml) == result.root
    assert isinstance(result.root, Element)
    return text
