"""Collections are searched as `$search` does, beside other conditions."""

from __future__ import annotations

from pathlib import Path

import pytest

from demotic.errors import InvalidInput, SyntaxFault
from demotic.store.sql import open_store


@pytest.mark.feature("F-STORE-05", "F-STORE-06")
def test_a_collection_is_searched(shop: Path) -> None:
    with open_store(str(shop)) as store, store.transaction() as tx:
        products = tx["Products"]
        found = products.search("bread OR oil")
        names = {item["Name"] for item in found.values()}
        assert names == {"Olive Oil", "Rye Bread", "Bread Knife"}
        assert len(found) == found.count() == len(list(found)) == 3
        oil = next(key for key, item in found.items() if item["Name"] == "Olive Oil")
        other = next(key for key in products if key not in set(found))
        assert oil in found and other not in found
        assert found.get(other) is None and found[oil]["Name"] == "Olive Oil"
        assert [item["Name"] for item in found.search("NOT knife").where("Price gt 50").values()] == ["Rye Bread"]
        assert [item["Name"] for item in found.order_by("Name")[1:2].values()] == ["Olive Oil"]
        assert len(products.search('"rye bread"')) == 1


@pytest.mark.feature("F-STORE-05", "F-STORE-06")
def test_what_is_no_search_is_refused(shop: Path) -> None:
    with open_store(str(shop)) as store, store.transaction() as tx:
        for wrong in ("", '"open', "(a"):
            with pytest.raises(SyntaxFault):
                tx["Products"].search(wrong)
        with pytest.raises(InvalidInput, match="search takes no 5"):
            tx["Products"].search(5)  # type: ignore[arg-type]
        with pytest.raises(InvalidInput):
            tx["Products"][:2].search("a")
