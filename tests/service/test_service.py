"""A service and its limits."""

from __future__ import annotations

from typing import Any

import pytest

from demotic.errors import InvalidInput
from demotic.model import EntityContainer, Model, Schema
from demotic.service import Limits, Service
from demotic.store.memory import MemoryStore

MODEL = Model({"Empty": Schema("Empty", container=EntityContainer("Container"))})


def test_a_service_speaks_of_its_stores_model() -> None:
    service = Service(MemoryStore(MODEL), title="Empty")
    assert service.model is MODEL
    assert (service.limits.page_size, service.limits.query.expand_depth) == (5000, 6)


@pytest.mark.parametrize("size", [0, -1])
def test_a_page_holds_at_least_one_entity(size: int) -> None:
    with pytest.raises(InvalidInput, match="page_size"):
        Limits(page_size=size)
    assert Limits(page_size=None).page_size is None


@pytest.mark.parametrize("store", [None, MODEL, "shop.db"])
def test_a_service_needs_a_store(store: Any) -> None:
    with pytest.raises(InvalidInput, match="is no store"):
        Service(store)
