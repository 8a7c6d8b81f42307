"""Ways to ask a question, and the one form in which their answers are compared.

An answer is the list of entities with the values that JSON has (IEEE754Compatible, no control information but counts),
or the code of the refusal. Values are compared as what they are: 12:30:00 and 12:30:00.000 are one, as 1.50 and 1.5.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from demotic.errors import DemoticError
from demotic.model import EntityType, Property
from demotic.protocols.odata import ODataV4
from demotic.query import Options, read_options, write_expression, write_options
from demotic.store import Collection, Entity, Store
from demotic.syntax.http import Request

ACCEPT = "application/json;odata.metadata=none;IEEE754Compatible=true"
MOST_PAGES = 200


@dataclass(frozen=True)
class Answer:
    """What came back: entities and the count if it was asked for, or an error's code."""

    entities: tuple[Any, ...] = ()
    count: int | None = None
    refused: str | None = None


# --- over HTTP, in this process


def get(handler: ODataV4, path: str, query: str, fields: Mapping[str, str] | None = None) -> tuple[int, Any]:
    """Return status and JSON of a request."""
    response = handler(Request("GET", f"/odata/v4/{path}", query, {"accept": ACCEPT, **(fields or {})}))
    body = response.body if isinstance(response.body, bytes) else b"".join(_closing(response.body))
    return response.status, json.loads(body)


def _closing(body: Any) -> Iterator[bytes]:
    try:
        yield from body
    finally:
        body.close()


def over_http(handler: ODataV4, type: EntityType, path: str, query: str, page: int | None = None) -> Answer:
    """Ask a handler for entities of a type; with ``page``, in pages of that size, following next links."""
    fields = {"prefer": f"maxpagesize={page}"} if page else {}
    entities: list[Any] = []
    count: int | None = None
    for number in range(MOST_PAGES):
        status, body = get(handler, path, query, fields)
        if status != 200:
            return Answer(refused=body["error"]["code"])
        found = body["value"]
        entities += found
        if number and page is None:
            raise AssertionError("a next link without a page size")
        if number and body.get("@odata.count") != count:
            raise AssertionError("the count changed from page to page")
        count = body.get("@odata.count")
        link = body.get("@odata.nextLink")
        if link is None:
            return Answer(tuple(values_of(item, type) for item in entities), None if count is None else int(count))
        if len(found) != page:
            raise AssertionError(f"a page of {len(found)} instead of {page} before a next link")
        path, _, query = link.partition("/odata/v4/")[2].partition("?")
    raise AssertionError("next links without end")


def values_of(item: Any, type: EntityType) -> Any:
    """Return an entity in JSON with its values in native form, and counts as numbers."""
    if item is None:
        return None
    if isinstance(item, list):
        return [values_of(one, type) for one in item]
    result: dict[str, Any] = {}
    for name, value in item.items():
        if name.endswith("@odata.count"):
            result[name] = int(value)
        elif name in type.all_navigation():
            result[name] = values_of(value, type.all_navigation()[name].target)
        else:
            result[name] = native(type.all_properties()[name], value)
    return result


def native(item: Property, value: Any) -> Any:
    """Return the native value of what JSON has of a property."""
    read = item.primitive.from_json if item.primitive is not None else None
    return value if value is None or read is None else read(value)


# --- over the collection interface


def over_collection(store: Store, name: str, options: Options, page: int | None = None) -> Answer:
    """Ask a store through its collections; with ``page``, in pages of that size."""
    try:
        with store.transaction() as tx:
            asked = narrowed(tx[name], options)
            count = len(tx[name].where(write_expression(options.filter)) if options.filter else tx[name])
            found = list(in_pages(asked, page) if page else asked.values())
            shown = tuple(values_in(entity, options) for entity in found)
            return Answer(shown, count if options.count else None)
    except DemoticError as error:
        return Answer(refused=error.code)


def narrowed(collection: Collection, options: Options) -> Collection:
    """Return the collection that options describe, told in OData text."""
    again = read_options(write_options(options))
    if options.filter is not None:
        collection = collection.where(write_expression(options.filter))
    if options.orderby:
        collection = collection.order_by(*again.orderby)
    if options.select:
        collection = collection.select(*(item.path[0] for item in options.select))
    for item in options.expand:
        alone = write_options(Options(expand=(item,)))
        collection = collection.expand(_value(alone))
    skip = options.skip.value if options.skip else 0
    return collection[skip : None if options.top is None else skip + options.top.value]


def _value(query: str) -> str:
    return unquote_plus(query.partition("=")[2])


def in_pages(collection: Collection, size: int) -> Iterator[Entity]:
    """Yield the entities of a collection page by page."""
    after: str | None = None
    for _ in range(MOST_PAGES):
        page = collection.page(size, after)
        yield from page.entities
        after = page.after
        if after is None:
            return
    raise AssertionError("pages without end")


def values_in(entity: Entity, options: Options) -> dict[str, Any]:
    """Return what of an entity was selected and expanded, as `values_of` has it."""
    result: dict[str, Any] = {name: entity[name] for name in shown_names(entity.type, options)}
    for item in options.expand:
        name = item.path[0]
        found = entity[name]
        if isinstance(found, list):
            result[name] = [values_in(one, item.options) for one in found]
        else:
            result[name] = None if found is None else values_in(found, item.options)
        if item.options.count:
            result[f"{name}@odata.count"] = entity[f"{name}@count"]
    return result


def shown_names(type: EntityType, options: Options) -> list[str]:
    """Return the properties that a level shows."""
    chosen = {item.path[0] for item in options.select}
    return [name for name in type.all_properties() if not chosen or "*" in chosen or name in chosen]
