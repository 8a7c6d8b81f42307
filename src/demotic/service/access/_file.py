"""A file of access rules: TOML, or JSON of the same shape.

    others = "open"                                    # or "closed": sets without rules
    claims = { tenant = "Edm.Int32" }                  # types of claims that are not one text

    [sets.Orders]
    read = ["Owner eq $user/name", { roles = ["boss"] }]
    insert = { where = "Owner eq $user/name", known = true }
    update = true
    hide = ["Margin", { properties = ["Notes"], unless = ["boss"] }]

    [operations]                                       # who may call them
    Cheapest = true
    "Shop.Restock" = { roles = ["clerk"] }

What an operation is granted by: ``true`` (everybody, everything), ``false`` (as if left out), a condition, a table with
any of ``where``, ``roles`` and ``known``, or a list of these.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from demotic.errors import NotFound
from demotic.query import choices
from demotic.service.access._rules import OPERATIONS, AccessRules, Grant, Hide, RulesFault, SetRules


def read_rules(path: Path) -> AccessRules:
    """Read a file of rules, by the ending of its name. Raises NotFound, or `RulesFault` with the place."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", target=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise RulesFault(f"{path} cannot be read: {error}", target=str(path)) from None
    try:
        found = msgspec.json.decode(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError) as error:
        kind = "JSON" if path.suffix.lower() == ".json" else "TOML"
        raise RulesFault(f"{path} is no {kind}: {error}", target=str(path)) from None
    return rules_of(found)


def rules_of(given: object) -> AccessRules:
    """Return the rules that a mapping states, as a file does. Raises `RulesFault` with the place."""
    top = _table(given, "the rules", ("others", "claims", "sets", "operations"))
    others = top.get("others", "open")
    if others not in ("open", "closed"):
        raise RulesFault(f"others: {others!r} is neither open nor closed", target="others")
    claims = _table(top.get("claims", {}), "claims", None)
    for name, kind in claims.items():
        if not isinstance(kind, str):
            raise RulesFault(
                f"claims.{name}: the type of a claim is a text", target=f"claims.{name}", hint='"Edm.Int32"'
            )
    sets = _table(top.get("sets", {}), "sets", None)
    operations = _table(top.get("operations", {}), "operations", None)
    return AccessRules(
        {name: _set(found, f"sets.{name}") for name, found in sets.items()},
        others == "open",
        claims,
        {name: _list(found, f"operations.{name}", _grant) for name, found in operations.items()},
    )


def _set(given: object, place: str) -> SetRules:
    table = _table(given, place, (*OPERATIONS, "hide"))
    grants = {name: _list(table[name], f"{place}.{name}", _grant) for name in OPERATIONS if name in table}
    return SetRules(**grants, hide=_list(table.get("hide", []), f"{place}.hide", _hide))


def _list(given: object, place: str, read: Any) -> tuple[Any, ...]:
    items = given if isinstance(given, list) else [given]
    return tuple(read(item, f"{place}[{number}]") for number, item in enumerate(items, 1) if item is not False)


def _grant(given: object, place: str) -> Grant:
    if given is True:
        return Grant()
    if isinstance(given, str):
        return Grant(given)
    table = _table(given, place, ("where", "roles", "known"))
    where, known = table.get("where"), table.get("known", False)
    if where is not None and not isinstance(where, str):
        raise RulesFault(f"{place}.where: a condition is a text", target=place, hint='where = "Owner eq $user/name"')
    if not isinstance(known, bool):
        raise RulesFault(f"{place}.known: it is true or false", target=place)
    return Grant(where, _texts(table.get("roles", []), f"{place}.roles"), known)


def _hide(given: object, place: str) -> Hide:
    if isinstance(given, str):
        return Hide((given,))
    table = _table(given, place, ("properties", "unless"))
    names = _texts(table.get("properties", []), f"{place}.properties")
    return Hide(tuple(sorted(names)), _texts(table.get("unless", []), f"{place}.unless"))


def _texts(given: object, place: str) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise RulesFault(f"{place}: it is a list of texts", target=place, hint='write ["clerk", "boss"]')
    return frozenset(given)


def _table(given: object, place: str, known: tuple[str, ...] | None) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise RulesFault(f"{place}: {given!r} is no table", target=place)
    for name in given:
        if known is not None and name not in known:
            raise RulesFault(f"{place}: there is nothing called {name}", target=place, hint=choices(name, known))
    return given
