"""Every set, row, key, property and navigation of two databases, by HTTP and through collections, beside SQL."""

from __future__ import annotations

import pytest
from acceptance_support.databases import World
from acceptance_support.values import from_json, in_json, in_url, native, raw
from acceptance_support.walking import (
    by_key,
    difference,
    expected_by_key,
    expected_children,
    json_key,
    json_rows,
    key_in_url,
    key_of,
    native_key,
    ordered,
    read_back,
    sample,
)

from demotic.errors import DemoticError


@pytest.fixture(scope="module", params=["northwind", "chinook", "chinook_on_a_server"])
def world(request: pytest.FixtureRequest) -> World:
    """Each database: two as files, one on a server."""
    found: World = request.getfixturevalue(request.param)
    return found


# --- sets and rows


def test_every_row_of_every_set_comes_over_http_as_sql_has_it(world: World) -> None:
    problems = []
    for name in world.served.tables:
        found = by_key(world.served, name, world.client.rows(name))
        problems += difference(name, found, expected_by_key(world.served, name))
    assert problems == []


@pytest.mark.feature("F-STORE-03")
def test_every_row_of_every_set_comes_through_its_collection_as_sql_has_it(world: World) -> None:
    problems = []
    with world.store.transaction() as tx:
        for name, table in world.served.tables.items():
            types = world.served.types(name)
            found = {entity.key: dict(entity) for entity in tx[name].values()}
            expected = {
                native_key(world.served, name, key): {n: native(t, v) for (n, t), v in zip(types, row, strict=True)}
                for key, row in world.truth.rows(table).items()
            }
            problems += difference(name, found, expected)
            kinds = [(n, type(v)) for row in found.values() for n, v in row.items()]
            wanted = [(n, type(v)) for key in found for n, v in expected.get(key, found[key]).items()]
            if kinds != wanted:
                problems.append(f"{name}: {sorted(map(str, set(kinds) ^ set(wanted)))}")
    assert problems == []


@pytest.mark.spec("OD-268", "OD-118")
def test_every_set_is_counted_as_sql_counts_it(world: World) -> None:
    with world.store.transaction() as tx:
        assert set(tx) == set(world.served.tables)
        for name, table in world.served.tables.items():
            number = world.truth.count(table)
            assert world.client.get(f"{name}/$count").text == str(number), name
            assert world.client.read(f"{name}?$count=true&$top=0")["@odata.count"] == number, name
            assert len(tx[name]) == tx[name].count() == number, name


# --- keys


@pytest.mark.spec("OD-266")
def test_every_key_leads_to_its_row_over_http(world: World) -> None:
    problems = []
    for name in world.served.tables:
        types = world.served.types(name)
        for key, row in sample(json_rows(world.served, name).items(), 25):
            path = key_in_url(world.served, name, key)
            reply = world.client.get(path)
            if reply.status != 200 or read_back(types, reply.json) != row:
                problems.append(f"{path}: {reply.status} {reply.text[:200]}")
    assert problems == []


@pytest.mark.spec("OD-109")
def test_every_key_leads_to_its_entity_in_the_collection(world: World) -> None:
    with world.store.transaction() as tx:
        for name, table in world.served.tables.items():
            rows, types = world.truth.rows(table), world.served.types(name)
            assert set(tx[name]) == {native_key(world.served, name, key) for key in rows}, name
            for key, row in sample(rows.items(), 12):
                wanted = native_key(world.served, name, key)
                entity = tx[name][wanted]
                assert dict(entity) == {n: native(t, v) for (n, t), v in zip(types, row, strict=True)}
                assert entity.key == wanted
                assert wanted in tx[name]
                assert tx[name][wanted] is not entity


def test_a_key_that_no_row_has_is_not_found(world: World) -> None:
    with world.store.transaction() as tx:
        for name in world.served.tables:
            absent = tuple("no such thing" if type == "Edm.String" else -7 for _, type in world.served.keys(name))
            reply = world.client.get(key_in_url(world.served, name, absent))
            assert reply.status == 404, f"{name}{absent}: {reply.text[:200]}"
            assert reply.json["error"]["message"]
            key = native_key(world.served, name, absent)
            assert key not in tx[name]
            assert tx[name].get(key) is None
            with pytest.raises(KeyError) as caught:
                tx[name][key]
            assert isinstance(caught.value, DemoticError)


def test_keys_with_odd_characters_lead_to_their_rows(northwind: World) -> None:
    odd = "Val2 "
    assert (odd,) in northwind.truth.rows(northwind.truth.tables["Customers"])
    found = northwind.client.read(f"Customers({in_url('Edm.String', odd)})")
    assert (found["CustomerID"], found["ContactName"]) == (odd, "Val2")
    assert northwind.client.get("Customers('Val2')").status == 404
    name = "Chef Anton's Cajun Seasoning"
    assert northwind.client.read(f"Products_by_Category({in_url('Edm.String', name)})")["ProductName"] == name


# --- properties


@pytest.mark.spec("OD-231")
def test_every_property_can_be_selected_alone(world: World) -> None:
    problems = []
    for name in world.served.tables:
        types = dict(world.served.types(name))
        rows = sample(expected_by_key(world.served, name).items(), 5)
        keys = [key for key, _ in world.served.keys(name)]
        for item, type in types.items():
            wanted = dict.fromkeys((*keys, item))
            path = f"{name}?$select={','.join(wanted)}&$orderby={','.join(keys)}&$top=200"
            found = {
                key_of(world.served, name, read_back([(n, types[n]) for n in wanted], row)): row
                for row in world.client.rows(path)
            }
            problems += [f"{path}: {row}" for row in found.values() if set(row) - set(wanted)]
            for key, row in rows:
                if key in found and from_json(type, found[key][item]) != row[item]:
                    problems.append(f"{path}: {key} has {found[key][item]!r}, not {row[item]!r}")
            alone = world.client.read(f"{name}?$select={item}&$top=3")["value"]
            problems += [f"{name}?$select={item}: {row}" for row in alone if {n for n in row if "@" not in n} != {item}]
    assert problems == []


@pytest.mark.spec("OD-267")
def test_every_property_is_a_resource_with_a_raw_value(world: World) -> None:
    problems = []
    for name, table in world.served.tables.items():
        types = world.served.types(name)
        for key, row in sample(world.truth.rows(table).items(), 4):
            entity = key_in_url(world.served, name, key)
            for (item, type), value in zip(types, row, strict=True):
                whole, bare = world.client.get(f"{entity}/{item}"), world.client.get(f"{entity}/{item}/$value")
                if value is None:
                    right = (whole.status, whole.body, bare.status, bare.body) == (204, b"", 204, b"")
                else:
                    right = (
                        whole.status == bare.status == 200
                        and from_json(type, whole.json["value"]) == in_json(type, value)
                        and whole.json["@odata.context"].endswith(f"/{item}")
                        and same_raw(type, bare.body, value)
                    )
                if not right:
                    problems.append(f"{entity}/{item}: {value!r} {whole.status} {whole.body[:90]!r} {bare.body[:90]!r}")
    assert problems == []


def same_raw(type: str, body: bytes, value: object) -> bool:
    """Whether a raw value is the one wanted; a double may be spelled in several ways."""
    if type in ("Edm.Double", "Edm.Decimal"):
        return native(type, float(body)) == native(type, value)
    return body == raw(type, value)


@pytest.mark.spec("OD-144")
def test_every_property_can_be_filtered_by_a_value_it_has_and_by_null(world: World) -> None:
    problems = []
    for name, table in world.served.tables.items():
        rows = list(world.truth.rows(table).values())
        for place, (item, type) in enumerate(world.served.types(name)):
            if type == "Edm.Binary":
                continue
            column = [row[place] for row in rows]
            values = sample(sorted({v for v in column if v is not None}, key=str), 2)
            for value in (*values, None):
                path = f"{name}/$count?$filter={item} eq {in_url(type, value)}"
                expected = sum(native(type, other) == native(type, value) for other in column)
                reply = world.client.get(path)
                if reply.text != str(expected):
                    problems.append(f"{path}: {reply.text[:200]}, not {expected}")
    assert problems == []


# --- navigation


@pytest.mark.spec("OD-169")
def test_every_navigation_expands_to_the_rows_that_sql_joins(world: World) -> None:
    problems = []
    for way in world.served.ways():
        served, target = world.served, way.target_set
        types = served.types(target)
        path = f"{way.set}?$select={','.join(k for k, _ in served.keys(way.set))}&$expand={way.info.name}"
        found = {}
        for row in world.client.rows(path):
            key = key_of(served, way.set, read_back(served.keys(way.set), row))
            inside = row[way.info.name]
            if way.info.collection:
                children = [read_back(types, child) for child in inside]
                found[key] = ordered(served, target, children)
            else:
                found[key] = [read_back(types, inside)] if inside is not None else []
        expected = {
            key_of(served, way.set, json_key(served, way.set, key)): ordered(served, target, children)
            for key, children in expected_children(world.served, way).items()
        }
        problems += difference(path, found, expected)
    assert problems == []


@pytest.mark.feature("F-ODATA-03")
@pytest.mark.spec("OD-230")
def test_every_navigation_can_be_followed_by_path(world: World) -> None:
    problems = []
    for way in world.served.ways():
        types = world.served.types(way.target_set)
        children = expected_children(world.served, way)
        some = [key for key in children if children[key]]
        none = [key for key in children if not children[key]]
        for key in (*sample(some, 6), *none[:1]):
            path = f"{key_in_url(world.served, way.set, key)}/{way.info.name}"
            expected = ordered(world.served, way.target_set, children[key])
            if way.info.collection:
                found = [read_back(types, row) for row in world.client.rows(path)]
                count = world.client.get(f"{path}/$count").text
                right = ordered(world.served, way.target_set, found) == expected and count == str(len(expected))
            else:
                reply = world.client.get(path)
                right = (
                    reply.status == 200 and [read_back(types, reply.json)] == expected
                    if expected
                    else (reply.status, reply.body) == (204, b"")
                )
            if not right:
                problems.append(f"{path}: {len(expected)} expected")
    assert problems == []


def test_a_row_reached_through_navigation_has_its_key_there_and_others_have_not(world: World) -> None:
    problems = []
    for way in world.served.ways():
        if not way.info.collection:
            continue
        all_keys = list(world.truth.rows(world.served.tables[way.target_set]))
        for key, children in sample(way.leads.items(), 2):
            strangers = [other for other in all_keys if other not in set(children)][:1]
            for child, status in [(children[0], 200), *((stranger, 404) for stranger in strangers)]:
                inside = key_in_url(world.served, way.target_set, child).removeprefix(way.target_set)
                path = f"{key_in_url(world.served, way.set, key)}/{way.info.name}{inside}"
                reply = world.client.get(path)
                if reply.status != status:
                    problems.append(f"{path}: {reply.status}, not {status}: {reply.text[:200]}")
    assert problems == []


@pytest.mark.spec("OD-169")
def test_every_navigation_leads_collections_to_the_same_entities(world: World) -> None:
    problems = []
    with world.store.transaction() as tx:
        for way in world.served.ways():
            served = world.served
            wanted = {
                native_key(served, way.set, key): sorted(
                    native_key(served, way.target_set, k) for k in way.leads.get(key, [])
                )
                for key in world.truth.rows(served.tables[way.set])
            }
            found = {}
            for entity in tx[way.set].expand(way.info.name).values():
                inside = entity[way.info.name]
                children = inside if isinstance(inside, list) else [inside] if inside is not None else []
                found[entity.key] = sorted(child.key for child in children)
            problems += difference(f"{way.set}.expand({way.info.name})", found, wanted)
            if way.info.collection:
                for key, children in sample(wanted.items(), 3):
                    followed = tx[way.set].follow(key, way.info.name)
                    if sorted(followed) != children or len(followed) != len(children):
                        problems.append(f"{way.set}.follow({key!r}, {way.info.name})")
    assert problems == []


@pytest.mark.feature("F-ODATA-07")
@pytest.mark.spec("OD-169", "OD-170")
def test_expansion_goes_several_steps_deep_and_back(northwind: World, chinook: World) -> None:
    truth = northwind.truth
    lines = northwind.client.read(
        "Orders(10248)?$expand=Customer($expand=Orders($select=OrderID)),Order_Details($expand=Product($expand=Category))"
    )
    customer = truth.ask("SELECT CustomerID FROM Orders WHERE OrderID = 10248")[0][0]
    orders = [row[0] for row in truth.ask("SELECT OrderID FROM Orders WHERE CustomerID = ? ORDER BY 1", customer)]
    assert sorted(order["OrderID"] for order in lines["Customer"]["Orders"]) == orders
    joined = truth.ask(
        'SELECT p.ProductName, c.CategoryName FROM "Order Details" d JOIN Products p ON p.ProductID = d.ProductID'
        " JOIN Categories c ON c.CategoryID = p.CategoryID WHERE d.OrderID = 10248 ORDER BY d.ProductID"
    )
    found = [(d["Product"]["ProductName"], d["Product"]["Category"]["CategoryName"]) for d in lines["Order_Details"]]
    assert sorted(found) == sorted(joined)
    playlists = chinook.client.read("Playlist?$expand=Track($expand=Album($expand=Artist);$top=2;$count=true)")["value"]
    counts = dict(
        chinook.truth.ask(
            "SELECT p.PlaylistId, COUNT(TrackId) FROM Playlist p LEFT JOIN PlaylistTrack USING (PlaylistId) GROUP BY 1"
        )
    )
    assert {row["PlaylistId"]: row["Track@odata.count"] for row in playlists} == counts
    for row in playlists:
        assert len(row["Track"]) == min(2, int(str(counts[row["PlaylistId"]])))
        for track in row["Track"]:
            artist = chinook.truth.ask(
                "SELECT Name FROM Artist JOIN Album USING (ArtistId) WHERE AlbumId = ?", track["AlbumId"]
            )
            assert track["Album"]["Artist"]["Name"] == artist[0][0]


# --- pages


@pytest.mark.spec("OD-127", "OD-128")
def test_next_links_lead_through_every_set_and_give_each_row_once(world: World) -> None:
    problems = []
    for name, table in world.served.tables.items():
        number = world.truth.count(table)
        size = max(7, number // 8)
        pages = list(world.client.pages(name, {"Prefer": f"maxpagesize={size}"}))
        rows = [row for page in pages for row in page]
        if any(len(page) != size for page in pages[:-1]) or len(pages) != max(1, -(-number // size)):
            problems.append(f"{name}: pages of {[len(page) for page in pages]} for {number} rows by {size}")
        problems += difference(name, by_key(world.served, name, rows), expected_by_key(world.served, name))
    assert problems == []


@pytest.mark.feature("F-ODATA-09")
@pytest.mark.spec("OD-228", "OD-271")
def test_next_links_lead_through_orders_with_ties_and_nulls(world: World) -> None:
    problems = []
    for name, table in world.served.tables.items():
        number = world.truth.count(table)
        if not 20 <= number <= 1000:
            continue
        types, rows = world.served.types(name), world.truth.rows(table)
        keys = [key for key, _ in world.served.keys(name)]
        for place, (item, type) in sample(enumerate(types), 4):
            if type == "Edm.Binary":
                continue
            column = [row[place] for row in rows.values()]
            for direction in ("asc", "desc"):
                path = f"{name}?$select={','.join(dict.fromkeys((*keys, item)))}&$orderby={item} {direction}"
                found = world.client.rows(path, {"Prefer": "maxpagesize=9"})
                values = [from_json(type, row[item]) for row in found]
                wanted = sorted(
                    (in_json(type, value) for value in column),
                    key=lambda value: (value is not None, value if value is not None else 0),
                    reverse=direction == "desc",
                )
                distinct = {tuple(str(row[key]) for key in keys) for row in found}
                if values != wanted or len(distinct) != number:
                    problems.append(f"{path}: {len(found)} rows, {len(distinct)} distinct, {number} in all")
    assert problems == []


@pytest.mark.spec("OD-126")
def test_pages_of_a_collection_give_each_entity_once(world: World) -> None:
    with world.store.transaction() as tx:
        for name, table in world.served.tables.items():
            number = world.truth.count(table)
            size, seen, after = max(5, number // 4), [], None
            while True:
                page = tx[name].page(size, after, count=True)
                seen += [entity.key for entity in page.entities]
                assert page.count == number
                after = page.after
                if after is None:
                    break
            assert len(seen) == len(set(seen)) == number, name


@pytest.mark.feature("F-ODATA-06")
def test_top_and_skip_cut_a_whole_order(world: World) -> None:
    for name, table in world.served.tables.items():
        keys = [key for key, _ in world.served.keys(name)]
        number = world.truth.count(table)
        whole = [row[keys[0]] for row in world.client.rows(f"{name}?$select={','.join(keys)}")]
        for skip, top in ((0, 3), (1, 2), (max(0, number - 2), 5), (number, 1)):
            cut = world.client.rows(f"{name}?$select={','.join(keys)}&$skip={skip}&$top={top}")
            assert [row[keys[0]] for row in cut] == whole[skip : skip + top], f"{name} from {skip}, {top}"
