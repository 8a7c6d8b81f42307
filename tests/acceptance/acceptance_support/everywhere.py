"""A service in both versions over a database that may be changed, beside plain SQL on the same database."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

from acceptance_support.http import Reply, WsgiClient
from acceptance_support.naming import Served
from acceptance_support.truth import Key, Reference, Table
from acceptance_support.values import in_url
from acceptance_support.walking import key_in_url
from demotic.protocols.odata import ODataV2, ODataV4
from demotic.service import Limits, Service
from demotic.store import Store
from demotic.transports.wsgi import Mount, WsgiApplication

JSON_FIELDS = {"Accept": "application/json", "CONTENT-TYPE": "application/json"}
SQL = Callable[[str], list[Any]]


def both_versions(store: Store) -> WsgiClient:
    """A client of a store served in both versions, in pages of 500."""
    service = Service(store, limits=Limits(page_size=500))
    v4, v2 = ODataV4(service, "/odata/v4/"), ODataV2(service, "/odata/v2/")
    return WsgiClient(WsgiApplication(Mount({"/odata/v4/": v4, "/odata/v2/": v2})))


@dataclass(frozen=True)
class Live:
    """A database served writable, and SQL on it; ``served`` tells of its tables."""

    name: str
    client: WsgiClient
    served: Served
    sql: SQL
    quote: str = '"'

    def quoted(self, name: str) -> str:
        """A name as an SQL identifier."""
        return f"{self.quote}{name}{self.quote}"

    def select(self, table: Table, columns: tuple[str, ...], where: Mapping[str, Any] | None = None) -> list[Any]:
        """Rows of a table."""
        listed = ", ".join(map(self.quoted, columns))
        tests = [f"{self.quoted(name)} = {literal(value)}" for name, value in (where or {}).items()]
        condition = f" WHERE {' AND '.join(tests)}" if tests else ""
        return [tuple(row) for row in self.sql(f"SELECT {listed} FROM {self.quoted(table.name)}{condition}")]

    def tables(self) -> Iterator[tuple[str, Table]]:
        """All sets that are tables."""
        return ((name, table) for name, table in self.served.tables.items() if not table.is_view)


def literal(value: Any) -> str:
    """A number or a text as SQL."""
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


class Version:
    """How a version of OData says what is done."""

    root: str

    def __init__(self, client: WsgiClient) -> None:
        self._client = client

    def send(self, method: str, path: str, body: Any = None, expect: int | None = None) -> Reply:
        """Send a request below the service root."""
        data = b"" if body is None else json.dumps(body, default=float).encode()
        reply = self._client.send(method, self.root + path.replace(" ", "%20"), JSON_FIELDS, data)
        assert expect is None or reply.status == expect, f"{method} {path} {body}: {reply.status} {reply.text[:500]}"
        return reply

    def address(self, reply: Reply) -> str:
        """The path of what was made."""
        return urlsplit(reply.fields["location"]).path.removeprefix(self.root)


class V4(Version):
    """OData 4."""

    root = "/odata/v4/"
    update = "PATCH"

    def path(self, served: Served, name: str, key: Key) -> str:
        """An entity as a path."""
        return key_in_url(served, name, key)

    def written(self, type: str, value: Any) -> Any:
        """A value, as `in_json` has it, as a body carries it."""
        return value

    def rows(self, path: str) -> Iterator[dict[str, Any]]:
        """The entities of a collection, of all pages, without annotations."""
        following: str | None = path
        while following is not None:
            document = self.send("GET", following, expect=200).json
            yield from ({k: v for k, v in row.items() if "@" not in k} for row in document["value"])
            link = document.get("@odata.nextLink")
            following = link and link.partition(self.root)[2]

    def value(self, type: str, value: Any) -> Any:
        """A value in a body, comparable with `in_json`: of instants, whole seconds."""
        if value is not None and type == "Edm.DateTimeOffset":
            return re.sub(r"\.[0-9]+Z$", "Z", value)
        return float(value) if value is not None and type in ("Edm.Double", "Edm.Single") else value

    def linked(self, name: str, path: str) -> dict[str, Any]:
        """The part of a body that links to an entity."""
        return {f"{name}@odata.bind": path}

    def link(self, source: str, name: str, target: str) -> None:
        """Add a link to many."""
        self.send("POST", f"{source}/{name}/$ref", {"@odata.id": target}, 204)

    def unlink(self, source: str, name: str, target: str) -> None:
        """Remove a link to many."""
        self.send("DELETE", f"{source}/{name}/$ref?$id={quote(target)}", expect=204)


class V2(Version):
    """OData 2."""

    root = "/odata/v2/"
    update = "MERGE"

    def path(self, served: Served, name: str, key: Key) -> str:
        """An entity as a path."""
        parts = []
        for (item, type), value in zip(served.keys(name), key, strict=True):
            text = f"{in_url(type, value)}L" if type == "Edm.Int64" else in_url(type, value)
            parts.append((item, f"datetime'{text}T00:00:00'" if type == "Edm.Date" else text))
        return f"{name}({parts[0][1] if len(parts) == 1 else ','.join(f'{item}={text}' for item, text in parts)})"

    def written(self, type: str, value: Any) -> Any:
        """A value, as `in_json` has it, as a body carries it."""
        if type == "Edm.Date" and value is not None:
            days = date.fromisoformat(value).toordinal() - date(1970, 1, 1).toordinal()
            return f"/Date({days * 86_400_000})/"
        return str(value) if type in ("Edm.Int64", "Edm.Decimal") and value is not None else value

    def rows(self, path: str) -> Iterator[dict[str, Any]]:
        """The entities of a collection, of all pages, without metadata and links."""
        following: str | None = path
        while following is not None:
            document = self.send("GET", following, expect=200).json["d"]
            yield from (self.plain(row) for row in document["results"])
            link = document.get("__next")
            following = link and link.partition(self.root)[2]

    def plain(self, row: dict[str, Any]) -> dict[str, Any]:
        """An entity without metadata and links; what is expanded as lists and entities."""
        result = {}
        for name, value in row.items():
            if isinstance(value, dict) and "results" in value:
                result[name] = [self.plain(inner) for inner in value["results"]]
            elif isinstance(value, dict) and "__metadata" in value:
                result[name] = self.plain(value)
            elif name != "__metadata" and not (isinstance(value, dict) and "__deferred" in value):
                result[name] = value
        return result

    def value(self, type: str, value: Any) -> Any:
        """A value in a body, comparable with `in_json`."""
        return value if value is None or type not in _FROM_V2 else _FROM_V2[type](value)

    def linked(self, name: str, path: str) -> dict[str, Any]:
        """The part of a body that links to an entity."""
        return {name: {"__metadata": {"uri": path}}}

    def link(self, source: str, name: str, target: str) -> None:
        """Add a link to many."""
        self.send("POST", f"{source}/$links/{name}", {"uri": target}, 204)

    def unlink(self, source: str, name: str, target: str) -> None:
        """Remove a link to many."""
        self.send("DELETE", f"{source}/$links/{name}{target[target.index('(') :]}", expect=204)


def _moment(text: str) -> datetime:
    ticks = int(text.removeprefix("/Date(").partition(")")[0].removesuffix("+0000"))
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ticks)


def _time(text: str) -> time:
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", text)
    assert found is not None, text
    return time(*(int(part or 0) for part in found.groups()))


_FROM_V2: dict[str, Callable[[Any], Any]] = {
    "Edm.Int64": int,
    "Edm.Decimal": Decimal,
    "Edm.Double": float,
    "Edm.Single": float,
    "Edm.TimeOfDay": lambda text: _time(text).isoformat(),
    "Edm.Binary": lambda text: base64.urlsafe_b64encode(base64.b64decode(text)).decode(),
    "Edm.Date": lambda text: _moment(text).date().isoformat(),
    "Edm.DateTimeOffset": lambda text: _moment(text).isoformat(timespec="seconds").replace("+00:00", "Z"),
}
"""From a value of OData 2 to that of OData 4, by its type there."""

VERSIONS = {"v4": V4, "v2": V2}


def to_one(table: Table, name: str) -> Reference | None:
    """The foreign key that consists of one column."""
    return next((item for item in table.references if item.columns == (name,)), None)
