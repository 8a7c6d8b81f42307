"""The sample shop on servers: the same answers as from its file, and changes through HTTP that plain SQL confirms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from acceptance_support.shop_on_mariadb import shop_on_mariadb

from demotic.protocols.odata import ODataV4
from demotic.service import Limits, Service
from demotic.store.sql import SqlStore, open_store
from demotic.syntax.http import Request


@pytest.fixture(scope="module")
def served(mariadb: Any, shop: Path) -> Iterator[tuple[Any, str, SqlStore]]:
    url = shop_on_mariadb(mariadb, shop)
    with open_store(url) as store:
        yield mariadb, url.rpartition("/")[2], store


def ask(handler: ODataV4, method: str, path: str, given: Any = None, **fields: str) -> tuple[int, Any, dict[str, str]]:
    """Send a request; return status, body and header fields."""
    body = b"" if given is None else json.dumps(given).encode()
    sent = {"content-type": "application/json", "content-length": str(len(body))} if body else {}
    target, _, query = path.partition("?")
    request = Request(method, f"/odata/v4/{target}", query, sent | fields, body=BytesIO(body).read)
    answer = handler(request)
    data = answer.body if isinstance(answer.body, bytes) else b"".join(answer.body)
    return answer.status, json.loads(data) if data else None, dict(answer.fields)


def plain(value: Any) -> Any:
    """Leave out annotations; make times and numbers comparable."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if not name.startswith("@")}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return re.sub(r"\.?0*Z$", "Z", value) if isinstance(value, str) and re.fullmatch(r"\d{4}-.*Z", value) else value


@pytest.mark.feature("F-SQL-34")
def test_every_set_and_navigation_answers_as_from_the_file(served: tuple[Any, str, SqlStore], shop: Path) -> None:
    _, _, store = served
    with open_store(shop) as file:
        here, there = ODataV4(Service(file, limits=Limits())), ODataV4(Service(store, limits=Limits()))
        container = store.model.container
        assert container is not None and file.model.container is not None
        assert set(container.sets) <= set(file.model.container.sets)
        for name, entity_set in container.sets.items():
            order = ",".join(item.name for item in entity_set.type.key)
            expected = file.model.container.sets[name].type
            assert set(entity_set.type.navigation) == set(expected.navigation)
            for way in ("", *(f"&$expand={item}" for item in expected.navigation)):
                path = f"{name}?$orderby={order}&$top=200{way}"
                one, other = ask(here, "GET", path), ask(there, "GET", path)
                assert (one[0], plain(one[1])["value"]) == (other[0], plain(other[1])["value"]), path


@pytest.mark.feature("F-SQLWRITE-01")
@pytest.mark.spec("OD-233", "OD-235")
def test_what_http_creates_changes_and_deletes_is_what_sql_then_finds(served: tuple[Any, str, SqlStore]) -> None:
    server, name, store = served
    handler = ODataV4(Service(store))
    given = {"ID": 90001, "Name": "Tëa ☕", "Price": 3.5, "Stock": 12, "Discontinued": False, "Category_ID": 1}
    status, made, fields = ask(handler, "POST", "Products", given)
    assert (status, made["ID"]) == (201, 90001)
    found = "SELECT Name, Price, Stock, Discontinued, Category_ID FROM Products WHERE ID = 90001"
    assert [tuple(map(str, row)) for row in server.run(found, name)] == [("Tëa ☕", "3.50", "12", "0", "1")]
    tag = fields.get("etag") or made["@odata.etag"]
    status, changed, _ = ask(handler, "PATCH", "Products(90001)", {"Price": 4.25}, **{"if-match": tag})
    assert (status, changed) == (204, None)
    assert ask(handler, "PATCH", "Products(90001)", {"Price": 5}, **{"if-match": tag})[0] == 412
    assert [str(row[1]) for row in server.run(found, name)] == ["4.25"]
    assert ask(handler, "POST", "Products", given)[0] == 409
    assert ask(handler, "DELETE", "Categories(1)")[0] == 409
    assert ask(handler, "DELETE", "Products(90001)")[0] == 204
    assert server.run(found, name) == []
