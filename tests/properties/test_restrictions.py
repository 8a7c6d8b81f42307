"""A read with restrictions is answered as if there were no other entities, in every part of it, by every store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from demotic.model import Model
from demotic.query import Parameter, Read, Restriction, bind_request, read_options, read_path
from demotic.store import Entity, Store
from demotic.store._entity import ENTITIES
from demotic.store.sql import open_store

from . import declared, nasty
from .reduced import reduced

MODEL = declared.model()
CONDITIONS = {
    "Things": "(Small ne 7 or Small eq null) and Kind/ID ne 'ß'",
    "Parts": "Number ge 0 and Thing/Parts/any(p:p/Amount gt 0)",
    "Kinds": "not startswith(ID,'it')",
    "Tags": "Rank gt 0 and Things/$count gt 3",
}
QUESTIONS = [
    "Things",
    "Things?$orderby=Kind/Title,ID&$filter=Kind/Title ne null or Parent/ID gt 2",
    "Things?$filter=Kind eq null&$select=ID",
    "Things?$filter=Parts/any()&$expand=Parts($top=1;$count=true),Kind,Parent($expand=Things($count=true))",
    "Things?$filter=Tags/all(t:t/Rank eq 1)&$expand=Tags($expand=Things($filter=Tags/$count gt 1;$select=ID))",
    "Things?$orderby=Parts/$count desc,Parent/Parent/Name&$count=true&$skip=2&$top=5",
    "Things(-4)/Parent/Things",
    "Things(5)/Tags/$count",
    "Things(5)/Parts(Thing_ID=5,Number=-1)",
    "Things(2)",
    "Things(2)/Parts",
    "Kinds('a')/Things?$expand=Tags",
    "Kinds('ß')/Things",
    "Tags/$count",
    "Parts/$count?$filter=Thing/Kind/ID eq 'a'",
    "Parts?$filter=Thing/Parts/any(p:p/Number lt 0 or p/Thing/Tags/any(t:t/Things/$count eq 1))",
]


def _moved(node: Any, by: int) -> Any:
    """Return an expression with its parameters' slots further on."""
    if isinstance(node, Parameter):
        return replace(node, slot=node.slot + by)
    if isinstance(node, tuple):
        return tuple(_moved(part, by) for part in node)
    if is_dataclass(node) and type(node).__module__.startswith("demotic.query"):
        return replace(node, **{item.name: _moved(getattr(node, item.name), by) for item in fields(node)})
    return node


def restrictions(model: Model, first: int) -> Iterator[tuple[Restriction, tuple[object, ...]]]:
    for name, condition in CONDITIONS.items():
        bound = bind_request(read_path(name), read_options([("$filter", condition)]), model=model)
        assert bound.read is not None and bound.read.query.filter is not None
        query = bound.read.query
        yield Restriction(query.type, query.variable, _moved(query.filter, first)), bound.values
        first += len(bound.values)


def answer(store: Store, question: str, *, restricted: bool) -> tuple[int | None, list[Any]]:
    path, _, query = question.partition("?")
    bound = bind_request(read_path(path), read_options(query), model=store.model)
    read, values = bound.read, bound.values
    assert isinstance(read, Read)
    if restricted:
        found = list(restrictions(store.model, len(values)))
        read = replace(read, restrictions=tuple(item for item, _ in found))
        values = (*values, *(value for _, more in found for value in more))
    with store.run(store.prepare(read, ENTITIES), values) as result:
        return result.count, [plain(row) for batch in result.batches() for row in batch]


def plain(value: Any) -> Any:
    if isinstance(value, Entity):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Store]:
    sqlite = open_store(str(nasty.write_sqlite(tmp_path_factory.mktemp("nasty") / "nasty.db")))
    return {"memory": nasty.in_memory(MODEL), "sqlite": sqlite, "reduced": reduced(MODEL, MODEL, CONDITIONS)}


@pytest.mark.parametrize("where", ["memory", "sqlite"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_restriction_leaves_out_is_not_there_for_a_read(
    stores: dict[str, Store], question: str, where: str
) -> None:
    expected = answer(stores["reduced"], question, restricted=False)
    assert answer(stores[where], question, restricted=True) == expected


def test_the_restrictions_leave_out_something_of_every_set(stores: dict[str, Store]) -> None:
    for name in CONDITIONS:
        left = answer(stores["reduced"], name, restricted=False)[1]
        assert 0 < len(left) < len(answer(stores["sqlite"], name, restricted=False)[1])
