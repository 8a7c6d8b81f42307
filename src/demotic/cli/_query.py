"""`demotic query`: a request answered in this process, written as a table, JSON or CSV."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import msgspec

from demotic.cli._application import Settings, handler_for
from demotic.cli._client import NEXT_LINK, ROOT, Answer, get, get_all, request_url
from demotic.cli._columns import csv_columns
from demotic.cli._errors import NOTHING_FOUND, OK
from demotic.cli._source import Source
from demotic.cli._tables import Path, cell, columns, csv_text, is_number, json_text, table_text

_PAGE = 1000
Rows = Iterator[list[dict[str, Any]]]


def query(source: Source, request: str, form: str | None, *, everything: bool) -> int:
    """Answer ``request`` on standard output as ``table``, ``json`` or ``csv``; return the exit status.

    The format is a table on a terminal, else JSON, if none is given. ``everything`` follows next links. Raises
    `RequestRefused` if the request is refused, `UsageFault` if it is none, and `DemoticError` if the store cannot be
    opened.
    """
    chosen = form or ("table" if sys.stdout.isatty() else "json")
    url = request_url(request)
    with source.open() as store:
        handler = handler_for(store, Settings(source, source.name, _PAGE if everything else 5000))
        first = get(handler, url)
        if first is None:
            return _nothing()
        if not first.is_json:
            return _write_body(first)
        paths = csv_columns(store.model, first.url) if chosen == "csv" else []
        if not _is_collection(first):
            return _write_csv_object(first.content, paths) if chosen == "csv" else _WRITE_ONE[chosen](first.content)
        rest = get_all(handler, first.next_url) if everything and first.next_url else iter(())
        return _write_many(first, rest, chosen, paths, everything=everything)


def _is_collection(answer: Answer) -> bool:
    return isinstance(answer.content, dict) and isinstance(answer.content.get("value"), list)


def _nothing() -> int:
    print("nothing found", file=sys.stderr)
    return NOTHING_FOUND


def _write_body(answer: Answer) -> int:
    sys.stdout.flush()
    sys.stdout.buffer.write(answer.content)
    if answer.media_type.startswith("text/") or answer.media_type.endswith("xml"):
        sys.stdout.buffer.write(b"\n")
    return OK


# One entity, or one value.


def _write_json_object(content: dict[str, Any]) -> int:
    print(msgspec.json.format(json_text(content), indent=2))
    return OK


def _write_csv_object(content: dict[str, Any], paths: list[Path]) -> int:
    _csv_rows(iter([[content]]), paths)
    return OK


def _write_fields(content: dict[str, Any]) -> int:
    paths = columns([content])
    width = max((len("/".join(path)) for path in paths), default=0)
    for path in paths:
        print(f"{'/'.join(path):{width}}  {_printable(table_text(cell(content, path)))}".rstrip())
    return OK


_WRITE_ONE: dict[str, Callable[[dict[str, Any]], int]] = {
    "table": _write_fields,
    "json": _write_json_object,
}


# Many.


def _write_many(first: Answer, rest: Iterator[Answer], form: str, paths: list[Path], *, everything: bool) -> int:
    pages = _counted(chain([first], rest), show=everything and sys.stderr.isatty() and not sys.stdout.isatty())
    rows = (_objects(page.content["value"]) for page in pages)
    if form == "json":
        _write_json(first, rows, everything=everything)
    elif form == "csv":
        _csv_rows(rows, paths)
    else:
        _write_table(list(chain.from_iterable(rows)), first.content.get("@odata.count"))
    if first.next_url and not everything:
        print("there is more: --all writes it all", file=sys.stderr)
    return OK if first.content["value"] else _nothing()


def _objects(values: list[Any]) -> list[dict[str, Any]]:
    return [value if isinstance(value, dict) else {"value": value} for value in values]


def _counted(pages: Iterable[Answer], *, show: bool) -> Iterator[Answer]:
    """Pass pages on, and keep a person at a terminal informed of how many entries went by."""
    total = 0
    for page in pages:
        yield page
        total += len(page.content["value"])
        if show and page.next_url:
            print(f"\r{total:,} …", end="", file=sys.stderr, flush=True)
    if show and total > _PAGE:
        print(f"\r{total:,} in all", file=sys.stderr)


def _write_json(first: Answer, pages: Rows, *, everything: bool) -> None:
    """Write one JSON object, an entry a line, while the pages come in."""
    members = {name: value for name, value in first.content.items() if name not in ("value", NEXT_LINK)}
    print(
        "{" + "".join(f"{json_text(name)}:{json_text(value)},\n" for name, value in members.items()) + '"value":[',
        end="",
    )
    between = "\n"
    for row in chain.from_iterable(pages):
        print(between + json_text(row), end="")
        between = ",\n"
    link = (
        ""
        if everything or first.next_url is None
        else f",\n{json_text(NEXT_LINK)}:{json_text(first.next_url.removeprefix(ROOT))}"
    )
    print(f"\n]{link}}}")


def _csv_rows(pages: Rows, paths: list[Path]) -> None:
    """Write CSV (RFC 4180); the first page decides on the columns if the request does not."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    first = next(pages, [])
    paths = paths or columns(first)
    if paths:
        writer.writerow("/".join(path) for path in paths)
    for rows in chain([first], pages):
        writer.writerows([csv_text(cell(row, path)) for path in paths] for row in rows)


def _write_table(rows: list[dict[str, Any]], count: int | None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    paths = columns(rows)
    values = [[cell(row, path) for row in rows] for path in paths]
    for path, column in zip(paths, values, strict=True):
        table.add_column("/".join(path), justify="right" if is_number(column) else "left", overflow="fold")
    for row in zip(*values, strict=True):
        table.add_row(*(Text(_printable(table_text(value))) for value in row))
    # A pipe has no width: every row gets the one line that it needs.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 10_000)
    console.print(table)
    if count is not None:
        print(f"{len(rows)} of {count}")


def _printable(text: str) -> str:
    """Return a text that stays on its line and sends no commands to the terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "·" for c in text)
