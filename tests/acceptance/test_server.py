"""`demotic serve` as a program: both databases read over a real connection give what the walk gave in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from acceptance_support import lab
from acceptance_support.databases import World
from acceptance_support.http import ServerClient
from acceptance_support.serving import running_server, wait_for
from acceptance_support.values import from_json, in_json
from acceptance_support.walking import by_key, difference, expected_by_key, key_in_url


@pytest.fixture
def server(world: World, servers: Callable[..., str]) -> Iterator[ServerClient]:
    client = ServerClient(servers(world.name))
    yield client
    client.close()


@pytest.mark.spec("OD-260")
def test_a_server_gives_every_set_as_sql_has_it(world: World, server: ServerClient) -> None:
    problems = []
    for name in world.served.tables:
        rows = by_key(world.served, name, server.rows(name))
        problems += difference(name, rows, expected_by_key(world.served, name))
    assert problems == []


def test_a_server_gives_the_metadata_that_the_library_gives(world: World, server: ServerClient) -> None:
    assert server.get("$metadata").body == world.client.get("$metadata").body
    assert server.read("")["value"] == world.client.read("")["value"]


def test_a_server_expands_every_navigation_of_every_set(world: World, server: ServerClient) -> None:
    for name in world.served.metadata.sets:
        path = f"{name}?$expand=*&$top=20"
        assert server.read(path)["value"] == world.client.read(path)["value"], name


def test_keys_of_the_server_lead_to_their_rows(world: World, server: ServerClient) -> None:
    for name, table in world.served.tables.items():
        types = world.served.types(name)
        for key, row in list(world.truth.rows(table).items())[:3]:
            found = server.read(key_in_url(world.served, name, key))
            for (item, type), value in zip(types, row, strict=True):
                assert from_json(type, found[item]) == in_json(type, value), f"{name}{key}/{item}"


@pytest.mark.feature("F-ODATA-12")
def test_the_same_entity_twice_costs_no_second_body(chinook: World, servers: Callable[..., str]) -> None:
    client = ServerClient(servers("chinook"))
    first = client.get("Album(1)")
    assert first.fields["etag"]
    again = client.get("Album(1)", {"If-None-Match": first.fields["etag"]})
    assert (again.status, again.body) == (304, b"")
    other = client.get("Album(2)", {"If-None-Match": first.fields["etag"]})
    assert (other.status, other.fields["etag"] == first.fields["etag"]) == (200, False)
    client.close()


@pytest.mark.feature("F-ODATA-12")
def test_head_gives_the_fields_of_get_without_a_body(world: World, server: ServerClient) -> None:
    name = next(iter(world.served.tables))
    for path in ("", "$metadata", name, f"{name}/$count", f"{name}(nothing", "Nothing"):
        get, head = server.get(path), server.request("HEAD", path)
        assert head.status == get.status
        assert head.body == b""
        assert head.fields.get("content-type") == get.fields.get("content-type"), path
        assert head.fields.get("etag") == get.fields.get("etag"), path


@pytest.mark.feature("F-WSGI-03")
@pytest.mark.spec("OD-288")
@pytest.mark.parametrize("person", lab.PEOPLE, ids=[str(person["id"]) for person in lab.PEOPLE])
def test_keys_with_characters_of_their_own_meaning_in_urls_reach_the_server(
    lab_server: ServerClient, person: dict[str, str]
) -> None:
    path = f"People('{quote(person['id'], safe='')}')"
    found = lab_server.read(path, {"Accept": "application/json;odata.metadata=full"})
    assert (found["id"], found["name"]) == (person["id"], person["name"])
    assert lab_server.read(found["@odata.id"])["id"] == person["id"]
    assert lab_server.get(f"{path}/name/$value").text == person["name"]
    reached = lab_server.read(f"People?$filter=id eq '{quote(person['id'], safe='')}'")["value"]
    assert [row["id"] for row in reached] == [person["id"]]


@pytest.fixture(scope="module")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerClient]:
    path = lab.in_sqlite(tmp_path_factory.mktemp("served") / "lab.db")
    with running_server(path) as origin:
        client = ServerClient(wait_for(origin))
        yield client
        client.close()
