"""Every set of every database, walked in both versions: read, and created, changed, linked and deleted, beside SQL.

Northwind and Chinook on SQLite, Chinook on PostgreSQL, the sample on MariaDB. What is compared is what plain SQL says
of the same database at that moment.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from acceptance_support.databases import DATABASES, chinook_on_postgresql, copied
from acceptance_support.everywhere import VERSIONS, Live, Version, both_versions, to_one
from acceptance_support.metadata import read_metadata
from acceptance_support.naming import Served, identifier
from acceptance_support.shop_on_mariadb import shop_on_mariadb
from acceptance_support.truth import Table, Truth
from acceptance_support.values import in_json
from acceptance_support.walking import (
    difference,
    expected_by_key,
    expected_children,
    json_key,
    key_of,
    ordered,
    sample,
)

from demotic.store.sql import open_store

PLACES = ("northwind", "chinook", "chinook on PostgreSQL", "sample on MariaDB")
FRESH_DAY = "2031-01-02"


@pytest.fixture(scope="module", params=PLACES)
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Each database, in a state of its own that may be changed."""
    folder = tmp_path_factory.mktemp("live")
    with ExitStack() as opened:
        if request.param in DATABASES:
            path = Path(shutil.copy(request.getfixturevalue("database_files")[request.param], folder))
            views = DATABASES[request.param][1]
            connection = opened.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
            sql, url, quote, truth = (lambda text: connection.execute(text).fetchall()), str(path), '"', path
        elif request.param == "chinook on PostgreSQL":
            server, data = request.getfixturevalue("postgresql"), request.getfixturevalue("shared_data")
            script = (data / "odata" / "chinook" / "Chinook_PostgreSql.sql").read_text(encoding="utf-8-sig")
            url, quote, views = chinook_on_postgresql(server, script), '"', {}
            truth = copied(server, url, folder / "chinook.db")
            database = url.rpartition("/")[2]
            sql = lambda text: server.run(text, database)  # noqa: E731
        else:
            server, truth = request.getfixturevalue("mariadb"), request.getfixturevalue("shop")
            url, quote, views = shop_on_mariadb(server, truth), "`", {}
            database = url.rpartition("/")[2]
            sql = lambda text: server.run(text, database)  # noqa: E731
        keys = {view: list(columns) for view, columns in views.items()}
        store = opened.enter_context(open_store(url, view_keys=keys))
        client = both_versions(store)
        known = Truth(truth, views)
        opened.callback(known.connection.close)
        served = Served(known, read_metadata(client.send("GET", "/odata/v4/$metadata", {}).body))
        yield Live(request.param, client, served, sql, quote)


@pytest.fixture(params=list(VERSIONS))
def version(request: pytest.FixtureRequest, live: Live) -> Version:
    found: Version = VERSIONS[request.param](live.client)
    return found


def back(version: Version, types: list[tuple[str, str]], row: dict[str, Any]) -> dict[str, Any]:
    """An entity comparable with what SQL has."""
    return {name: version.value(type, row[name]) for name, type in types}


# --- reading


def test_every_row_is_read_as_sql_has_it(live: Live, version: Version) -> None:
    problems = []
    for name in live.served.tables:
        types = live.served.types(name)
        rows = [back(version, types, row) for row in version.rows(name)]
        found = {key_of(live.served, name, row): row for row in rows}
        problems += difference(name, found, expected_by_key(live.served, name))
        assert len(found) == len(rows) == int(version.send("GET", f"{name}/$count", expect=200).text)
    assert problems == []


def test_every_property_is_an_address(live: Live, version: Version) -> None:
    for name, table in live.served.tables.items():
        for key, row in sample(live.served.truth.rows(table).items(), 2):
            path = version.path(live.served, name, key)
            for (item, type), value in zip(live.served.types(name), row, strict=True):
                reply = version.send("GET", f"{path}/{item}")
                if value is None:
                    assert reply.status == 204 or reply.json == {"d": {item: None}}, f"{path}/{item}"
                    continue
                found = reply.json["value"] if "value" in reply.json else reply.json["d"][item]
                assert version.value(type, found) == in_json(type, value), f"{path}/{item}"


def test_every_navigation_leads_where_sql_joins(live: Live, version: Version) -> None:
    problems = []
    for way in live.served.ways():
        served, target = live.served, way.target_set
        types, keys = served.types(target), served.keys(way.set)
        path = f"{way.set}?$expand={way.info.name}"
        found = {}
        for row in version.rows(path):
            inside = row[way.info.name]
            children = inside if isinstance(inside, list) else [inside] if inside is not None else []
            key = key_of(served, way.set, back(version, keys, row))
            found[key] = ordered(served, target, [back(version, types, child) for child in children])
        expected = {
            key_of(served, way.set, json_key(served, way.set, key)): ordered(served, target, children)
            for key, children in expected_children(served, way).items()
        }
        problems += difference(path, found, expected)
        for key, children in sample(expected_children(served, way).items(), 2):
            alone = f"{version.path(served, way.set, key)}/{way.info.name}"
            if way.info.collection:
                rows = [back(version, types, row) for row in version.rows(alone)]
                if ordered(served, target, rows) != ordered(served, target, children):
                    problems.append(alone)
    assert problems == []


# --- changing


def test_every_set_is_created_changed_and_deleted_as_sql_confirms(live: Live, version: Version) -> None:
    for name, table in live.tables():
        walk_changes(live, version, name, table)


def walk_changes(live: Live, version: Version, name: str, table: Table) -> None:
    """Create a copy of a row, give it the values of another, point it elsewhere, and delete it again."""
    columns = tuple(column.name for column in table.columns)
    before = live.select(table, columns)
    fresh = fresh_values(live, name, table)
    types = dict(live.served.types(name))
    own = {column: version.written(types[identifier(column)], value) for column, value in fresh.items()}
    entities = list(version.rows(f"{name}?$top=2")) or [blank(live, version, name, table)]
    first, other = entities[0], entities[-1]
    body = first | {identifier(column): value for column, value in own.items()}
    path = version.address(version.send("POST", name, body, 201))
    where = {column: fresh[column] for column in table.key}

    source = known(live, table, version, types, first)
    (made,) = live.select(table, columns, where)
    if source is not None:
        expected = [fresh.get(column, value) for column, value in zip(columns, source, strict=True)]
        assert same(made, expected), f"{name}: {made}, not {expected}"

    changed = {item: value for item, value in other.items() if item not in body_keys(fresh)}
    if changed and source is not None:
        version.send(version.update, path, changed, 204)
        expected = [
            fresh.get(column, value)
            for column, value in zip(columns, known(live, table, version, types, other) or (), strict=True)
        ]
        (now,) = live.select(table, columns, where)
        assert same(now, expected), f"{name}: {now}, not {expected}"

    for column in columns:
        reference = to_one(table, column)
        if reference is None or column in table.key:
            continue
        target = live.served.sets[reference.target]
        key = list(live.served.truth.rows(live.served.tables[target]))[-1]
        way = live.served._to_one(name, reference)
        version.send(version.update, path, version.linked(way.name, version.path(live.served, target, key)), 204)
        assert live.select(table, (column,), where) == [(key[0],)]

    version.send("DELETE", path, expect=204)
    version.send("GET", path, expect=404)
    assert sorted(map(repr, live.select(table, columns))) == sorted(map(repr, before))


def body_keys(fresh: dict[str, Any]) -> set[str]:
    return {identifier(column) for column in fresh}


def same(row: Any, expected: Any) -> bool:
    """Whether two rows of SQL are the same; fresh dates may come as dates."""
    return len(row) == len(expected) and all(
        one == other or str(one) == str(other) for one, other in zip(row, expected, strict=True)
    )


def known(live: Live, table: Table, version: Version, types: dict[str, str], entity: dict[str, Any]) -> Any:
    """The row that SQL has of an entity, if it is there."""
    where = {column: version.value(types[identifier(column)], entity[identifier(column)]) for column in table.key}
    return next(iter(live.select(table, tuple(c.name for c in table.columns), where)), None)


def fresh_values(live: Live, name: str, table: Table) -> dict[str, Any]:
    """A key that no row has, and values for what must be unique besides."""
    types = dict(live.served.types(name))
    choices = []
    for column in table.key:
        reference = to_one(table, column)
        if reference is not None:
            targets = live.select(live.served.truth.tables[reference.target], reference.targets)
            choices.append([value for (value,) in targets])
        else:
            choices.append([fresh_value(live, table, column, types[identifier(column)])])
    taken = set(live.select(table, table.key))
    key = next(found for found in product(*choices) if found not in taken)
    result = dict(zip(table.key, key, strict=True))
    for column in unique_columns(live, table):
        result.setdefault(column, fresh_value(live, table, column, types[identifier(column)]))
    return result


def fresh_value(live: Live, table: Table, column: str, type: str) -> Any:
    if type == "Edm.String":
        return "Zq9"
    if type == "Edm.Date":
        return FRESH_DAY
    ((most,),) = live.sql(f"SELECT MAX({live.quoted(column)}) FROM {live.quoted(table.name)}")
    return int(most or 0) + 1


def unique_columns(live: Live, table: Table) -> list[str]:
    """The columns that are unique for themselves, as the SQLite form of the database says."""
    truth = live.served.truth
    found = []
    for (index,) in truth.ask("SELECT name FROM pragma_index_list(?) WHERE origin = 'u'", table.name):
        found += [str(column) for (column,) in truth.ask("SELECT name FROM pragma_index_info(?)", index)]
    return found


BLANK = {"Edm.String": "x", "Edm.Date": FRESH_DAY, "Edm.Boolean": False, "Edm.Double": 1.5}


def blank(live: Live, version: Version, name: str, table: Table) -> dict[str, Any]:
    """An entity for an empty table."""
    types = live.served.types(name)
    return {item: version.written(type, BLANK.get(type, 1)) for item, type in types}


# --- links between many


def test_every_link_between_many_is_made_and_removed_as_sql_confirms(live: Live, version: Version) -> None:
    truth = live.served.truth
    for link in truth.tables.values():
        if not link.is_link or link.name in live.served.sets:
            continue
        count = f"SELECT COUNT(*) FROM {live.quoted(link.name)}"
        for one, other in (link.references, link.references[::-1]):
            way = next(
                found
                for found in live.served.ways()
                if found.set == live.served.sets[one.target]
                and found.target_set == live.served.sets[other.target]
                and found.info.collection
                and found.info.partner
                and live.served.type(found.target_set).navigation[found.info.partner].collection
            )
            sources, targets = (truth.rows(truth.tables[end.target]) for end in (one, other))
            if not sources or not targets:
                continue
            linked = set(live.select(link, (*one.columns, *other.columns)))
            source, target = next((s, t) for s in sources for t in targets if (*s, *t) not in linked)
            here = version.path(live.served, way.set, source)
            there = version.path(live.served, way.target_set, target)
            where = dict(zip((*one.columns, *other.columns), (*source, *target), strict=True))
            ((before,),) = live.sql(count)
            version.link(here, way.info.name, there)
            assert len(live.select(link, link.key, where)) == 1
            version.unlink(here, way.info.name, there)
            assert live.select(link, link.key, where) == []
            assert live.sql(count)[0][0] == before
