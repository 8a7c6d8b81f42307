"""`demotic cache`: a shared cache seen from outside the programs that use it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass

import msgspec

from demotic.cache import Backend, open_backend, registry
from demotic.cache.metrics import Report, Total, read_reports, total
from demotic.cache.web import path_tag
from demotic.cli._errors import NOTHING_FOUND, OK, UsageFault


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to forget."""

    tags: Sequence[str]
    paths: Sequence[str]
    functions: Sequence[str]
    classes: Sequence[str]
    everything: bool


def ping(address: str) -> int:
    """Print for each server whether it answers; return the exit status."""
    with closing(shared_backend(address)) as backend:
        began = time.perf_counter()
        answers = backend.ping()
        each = (time.perf_counter() - began) * 1000 / max(len(answers), 1)
    for server, answered in answers.items():
        print(f"{server}  {f'answers in {each:.1f} ms' if answered else 'does not answer'}")
    return OK if answers and all(answers.values()) else NOTHING_FOUND


def invalidate(address: str, chosen: Chosen) -> int:
    """Forget what was chosen; return the exit status. Raises `UsageFault` if nothing was."""
    if not any(asdict(chosen).values()):
        raise UsageFault("nothing to forget was named", hint="name it with --tag, --path, --function, --class or --all")
    with closing(shared_backend(address)) as backend:
        told = [step() for step in _steps(backend, chosen)]  # each of them, also after one that failed
    if not all(told):
        print("error: a server could not be told, and may still answer with old values", file=sys.stderr)
    return OK if all(told) else NOTHING_FOUND


def _steps(backend: Backend, chosen: Chosen) -> Iterator[Callable[[], bool]]:
    tags = [*chosen.tags, *map(path_tag, chosen.paths)]
    if tags:
        yield lambda: registry.invalidate_tags(*tags, backend=backend)
    for name in chosen.functions:
        yield lambda name=name: registry.invalidate_named(name, backend=backend)  # type: ignore[misc]
    for name in chosen.classes:
        yield lambda name=name: registry.invalidate_class(name, backend=backend)  # type: ignore[misc]
    if chosen.everything:
        yield lambda: registry.invalidate_all(backend=backend)


def stats(address: str, form: str, *, servers: bool) -> int:
    """Print what the processes that share a cache count; return the exit status."""
    with closing(shared_backend(address)) as backend:
        reports = read_reports(backend)
        own = backend.stats() if servers else {}
    if form == "json":
        document = {"functions": [_document(one) for one in total(reports)], "servers": own}
        print(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    else:
        print("\n".join([*_table(reports), *_server_lines(own)]))
    return OK if reports else NOTHING_FOUND


def _document(one: Total) -> dict[str, object]:
    return {"function": one.function, "processes": one.processes, "hit_ratio": one.hit_ratio, **one.counters}


def _table(reports: list[Report]) -> Iterator[str]:
    if not reports:
        yield "no process has left its counters here (demotic.cache.metrics.Publisher leaves them)"
        return
    head = ("function", "processes", "hits", "misses", "joined", "hit ratio", "errors", "seconds saved")
    rows = [head, *(_row(one) for one in total(reports))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([row[0].ljust(widths[0]), *cells])


def _row(one: Total) -> tuple[str, ...]:
    counts = [str(one.counters[name]) for name in ("hits", "misses", "joined")]
    saved = f"{one.counters['seconds_saved']:.1f}"
    return (one.function, str(one.processes), *counts, f"{one.hit_ratio:.0%}", str(one.counters["errors"]), saved)


def _server_lines(servers: dict[str, dict[str, object]]) -> Iterator[str]:
    for server, said in servers.items():
        yield f"\n{server}"
        yield from (f"  {name}: {value}" for name, value in sorted(said.items()))


def shared_backend(address: str) -> Backend:
    """Open a cache that other processes see too. Raises `UsageFault` for one that they do not."""
    backend = open_backend(address)
    if not backend.shared:
        backend.close()
        raise UsageFault(f"{address} is in this process alone", hint="give the address of memcached or Redis")
    return backend
