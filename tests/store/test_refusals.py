"""What a program is told when data refuses: the same errors from every store, each of the kind that it is caught as."""

from __future__ import annotations

from pathlib import Path

import pytest

from demotic.errors import Conflict, DemoticError, NotFound, PreconditionFailed
from demotic.store import (
    BrokenReference,
    DuplicateKey,
    EntityChanged,
    NoSuchEntity,
    RequiredLink,
    StillReferenced,
    Store,
)
from demotic.store.sql import open_store

from ..properties import declared, nasty


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "memory":
        return nasty.in_memory(declared.model())
    return open_store(str(nasty.write_sqlite(tmp_path / "nasty.db")))


@pytest.mark.spec("OD-298", "OD-299", "OD-300")
def test_an_entity_that_is_not_there_or_already_there_is_told(store: Store) -> None:
    with store.transaction(write=True) as tx:
        for wrong in (
            lambda: tx["Things"][9999],
            lambda: tx["Things"].update(9999, {"Name": "x"}),
            lambda: tx["Things"].delete(9999),
            lambda: tx["Things"].link(9999, "Tags", "new"),
        ):
            with pytest.raises(NoSuchEntity) as missing:
                wrong()
            assert isinstance(missing.value, (DemoticError, NotFound, KeyError))
        with pytest.raises(DuplicateKey) as there:
            tx["Things"].insert({"ID": 2})
        assert isinstance(there.value, Conflict)


@pytest.mark.spec("OD-301", "OD-302", "OD-303")
def test_a_broken_constraint_link_or_state_is_told(store: Store) -> None:
    with store.transaction(write=True) as tx:
        with pytest.raises(BrokenReference):
            tx["Things"].update(2, {"Kind_ID": "nobody"})
        with pytest.raises(StillReferenced):
            tx["Kinds"].delete("a")
        number = next(key for key in tx["Parts"] if key[0] == 2)
        with pytest.raises(RequiredLink):
            tx["Parts"].unlink(number, "Thing")
        with pytest.raises(EntityChanged) as changed:
            tx["Things"].update(2, {"Name": "x"}, if_match='W/"other"')
        assert isinstance(changed.value, PreconditionFailed)
        assert all(issubclass(kind, Conflict) for kind in (BrokenReference, StillReferenced, RequiredLink))
